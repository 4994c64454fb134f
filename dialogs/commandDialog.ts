import { speaker } from '../src/text/text.ts';
import { help } from './answers.ts';
import { ComponentDialog, type DialogTurnResult, WaterfallDialog, type WaterfallStepContext } from './botDialogs.ts';
import { unknownReply } from './cannedSend.ts';
import { type Choice, type Chosen, ConfirmDialog, type Doubt } from './confirmDialog.ts';
import { readFacts } from './disguise.ts';
import type { Facts, Tools } from './facts.ts';
import { type Command, type Reading, readCommand } from './grammar.ts';
import { markDoubt, replyDoubt } from './markDoubt.ts';
import { keepNote } from './note.ts';
import { once } from './once.ts';
import { sendReply, sendText } from './reply.ts';
import { runCommand } from './runCommand.ts';

/** What the dialog begins with: the message, and the id it is stored under should it have to wait. */
export interface Begin {
  facts: Facts;
  dialog: string;
}

type Step = WaterfallStepContext<Begin>;

const CONFIRM = 'confirm';
const READ = 'read';

/**
 * Decides what a message to the bot is. A command is run, a reply goes to the end user, and what is nearly a command goes
 * nowhere before somebody has said what it was meant to be.
 */
export class CommandDialog extends ComponentDialog<Begin> {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    super('command');
    this.#tools = tools;
    this.addDialog(new WaterfallDialog<Begin>(READ, [(step) => this.#read(step), (step) => this.#conclude(step)]));
    this.addDialog(new ConfirmDialog(CONFIRM));
    this.initialDialogId = READ;
  }

  async #read(step: Step): Promise<DialogTurnResult> {
    const { facts } = step.options;
    const reading = readFacts(facts);
    switch (reading.kind) {
      case 'command':
        return this.#command(step, reading);
      case 'incomplete':
        return this.#ask(step, reading);
      case 'nearMiss':
        return this.#ask(step, reading);
      case 'text': {
        const doubt = markDoubt(facts);
        if (doubt) return this.#ask(step, doubt);
        await sendText(step.context, facts, this.#tools);
        return step.endDialog();
      }
      case 'empty':
        if (facts.pictures?.length || facts.unsent?.length) await sendText(step.context, facts, this.#tools);
        else return this.#once(step, () => this.#help(step));
        return step.endDialog();
    }
  }

  async #conclude(step: Step): Promise<DialogTurnResult> {
    const chosen = (step.result ?? { choice: 'cancel' }) as Choice;
    return step.endDialog({ ...chosen, done: await this.#carryOut(step, chosen) } satisfies Chosen);
  }

  async #carryOut(step: Step, { choice, command = '' }: Choice): Promise<boolean> {
    const { context, options } = step;
    // Whoever pressed took the question away: nothing here comes a second time.
    if (choice === 'send') return sendReply(context, options.facts, this.#tools, (act) => act());
    if (choice === 'note') return keepNote(context, options.facts, this.#tools);
    if (choice === 'cancel') return true;
    const reading = readCommand(command);
    if (reading.kind === 'command') return this.#run(step, reading.command);
    await this.#help(step);
    return true;
  }

  async #command(step: Step, { command, text }: Extract<Reading, { kind: 'command' }>): Promise<DialogTurnResult> {
    const { facts } = step.options;
    const doubt = command.name === 'reply' && replyDoubt(command.text, text, facts);
    if (doubt) return this.#ask(step, doubt);
    // A canned reply that does not exist is asked about like any other slip.
    const slip = command.name === 'cannedSend' && (await unknownReply(command.reply, facts, this.#tools));
    return slip ? this.#ask(step, slip) : this.#once(step, async () => void (await this.#run(step, command)));
  }

  /** `sensitive`: the message may hold credentials, so that it is neither kept, nor shown again, nor sent. `why`: what is wrong, where that is known. */
  async #ask(
    step: Step,
    { suggestions, sensitive = false, why }: { suggestions: string[]; sensitive?: boolean; why?: string },
  ): Promise<DialogTurnResult> {
    const { facts, dialog } = step.options;
    const conversation = await this.#tools.desk.directory.conversationOf(facts.threadId);
    if (sensitive) facts.text = '';
    const canSend = !sensitive && conversation !== undefined;
    const doubt: Doubt = { facts, dialog, suggestions, sensitive, why, canSend, guarded: facts.guarded };
    return this.#once(step, () => step.beginDialog(CONFIRM, doubt));
  }

  #run(step: Step, command: Command): Promise<boolean> {
    return runCommand(step.context, command, step.options.facts, this.#tools);
  }

  #help(step: Step, heading?: string): Promise<void> {
    const { facts } = step.options;
    return help(step.context, say(facts), facts.botName, heading);
  }

  async #once(step: Step, act: () => Promise<DialogTurnResult> | Promise<void>): Promise<DialogTurnResult> {
    const work = async () => (await act()) ?? undefined;
    return (await once(step.context, step.options.facts, this.#tools, work)) ?? step.endDialog();
  }
}

function say(facts: Facts) {
  return speaker(facts.locale);
}
