import { speaker } from '../src/text/text.ts';
import { help } from './answers.ts';
import { ComponentDialog, type DialogTurnResult, WaterfallDialog, type WaterfallStepContext } from './botDialogs.ts';
import { type Choice, ConfirmDialog, type Doubt } from './confirmDialog.ts';
import { readFacts } from './disguise.ts';
import type { Facts, Tools } from './facts.ts';
import { type Command, readCommand } from './grammar.ts';
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
        // Where everything goes out, the word may be part of the answer (“Reply to this message …”).
        return reading.command.name === 'reply' && !facts.guarded
          ? this.#ask(step, [reading.text])
          : this.#once(step, () => this.#run(step, reading.command));
      case 'incomplete':
        return this.#ask(step, reading.suggestions);
      case 'nearMiss':
        return this.#ask(step, reading.suggestions, reading.sensitive);
      case 'text':
        await sendText(step.context, facts, this.#tools);
        return step.endDialog();
      case 'empty':
        if (facts.pictures?.length || facts.unsent?.length) await sendText(step.context, facts, this.#tools);
        else return this.#once(step, () => this.#help(step));
        return step.endDialog();
    }
  }

  async #conclude(step: Step): Promise<DialogTurnResult> {
    const chosen = (step.result ?? { choice: 'cancel' }) as Choice;
    const { context, options } = step;
    if (chosen.choice === 'send') await sendReply(context, options.facts, this.#tools);
    if (chosen.choice === 'note') await keepNote(context, options.facts, this.#tools);
    if (chosen.choice === 'run') {
      const reading = readCommand(chosen.command ?? '');
      await (reading.kind === 'command' ? this.#run(step, reading.command) : this.#help(step));
    }
    return step.endDialog(chosen);
  }

  /** `sensitive`: the message may hold credentials, so that it is neither kept, nor shown again, nor sent. */
  async #ask(step: Step, suggestions: string[], sensitive = false): Promise<DialogTurnResult> {
    const { facts, dialog } = step.options;
    const conversation = await this.#tools.desk.directory.conversationOf(facts.threadId);
    if (sensitive) facts.text = '';
    const canSend = !sensitive && conversation !== undefined;
    const doubt: Doubt = { facts, dialog, suggestions, sensitive, canSend, guarded: facts.guarded };
    return this.#once(step, () => step.beginDialog(CONFIRM, doubt));
  }

  #run(step: Step, command: Command): Promise<void> {
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
