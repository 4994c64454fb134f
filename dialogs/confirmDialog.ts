import { confirmCard } from '../cards/confirm.ts';
import { speaker } from '../src/text/text.ts';
import { show } from './answers.ts';
import { Dialog, type DialogContext, type DialogTurnResult } from './botDialogs.ts';
import type { Facts } from './facts.ts';

/** What the person chose. */
export interface Choice {
  choice: 'run' | 'send' | 'note' | 'cancel';
  command?: string;
}

/** What came of it. What was chosen and not done has been explained in the thread. */
export interface Chosen extends Choice {
  done: boolean;
}

/** What is asked about. */
export interface Doubt {
  facts: Facts;
  /** The id under which the waiting dialog is stored; the card's buttons carry it. */
  dialog: string;
  suggestions: string[];
  /** The message may hold credentials: it is not shown again, and can't be sent. */
  sensitive: boolean;
  canSend: boolean;
  /** What is wrong, where that is known. */
  why?: string;
  /** What is not a command is a note here: it can't be sent by this question. */
  guarded?: boolean;
}

type Offer = Pick<Doubt, 'suggestions' | 'canSend' | 'guarded'>;

/** Asks what a message was meant to be, and waits for the click. A choice that was not offered counts as *cancel*: a click's data can be made up. */
export class ConfirmDialog extends Dialog<Doubt> {
  override async beginDialog(dc: DialogContext, doubt?: Doubt): Promise<DialogTurnResult> {
    if (!doubt || !dc.activeDialog) throw new TypeError('ConfirmDialog needs something to ask about');
    const { facts, dialog, suggestions, sensitive, canSend, guarded, why } = doubt;
    dc.activeDialog.state = { suggestions, canSend, guarded } satisfies Offer;
    const written = sensitive ? undefined : facts.text;
    const question = { dialog, suggestions, canSend, guarded, why, written };
    await show(dc.context, confirmCard(question, speaker(facts.locale)));
    return Dialog.EndOfTurn;
  }

  override async continueDialog(dc: DialogContext): Promise<DialogTurnResult> {
    const { choice, ...chosen } = dc.context.activity.value as Choice & { suggestion?: number };
    const { suggestions, canSend, guarded } = (dc.activeDialog?.state ?? { suggestions: [], canSend: false }) as Offer;
    // The cards of earlier releases name the command itself.
    const command = chosen.command ?? suggestions[Number(chosen.suggestion)] ?? '';
    if (choice === 'run' && suggestions.includes(command)) return dc.endDialog({ choice, command } satisfies Choice);
    const offered = guarded ? 'note' : 'send';
    return dc.endDialog({ choice: choice === offered && canSend ? offered : 'cancel' } satisfies Choice);
  }
}
