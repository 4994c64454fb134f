import type { TurnContext } from 'botbuilder';
import { brief } from '../cards/card.ts';
import { settledCard } from '../cards/failure.ts';
import type { Person } from '../src/desk/settings.ts';
import { type Locale, speaker } from '../src/text/text.ts';
import { replaceClicked, tell } from './answers.ts';
import { DialogSet, type DialogState, DialogTurnStatus } from './botDialogs.ts';
import { CommandDialog } from './commandDialog.ts';
import type { Chosen } from './confirmDialog.ts';
import { readFacts } from './disguise.ts';
import type { Facts, Tools } from './facts.ts';
import { markDoubt } from './markDoubt.ts';
import { replyIn } from './marked.ts';
import { turnOf } from './once.ts';
import { sendText } from './reply.ts';

/** What the card of a question says once somebody has answered it. */
const settled = {
  run: 'confirm.ran',
  send: 'confirm.sent',
  note: 'confirm.noted',
  cancel: 'confirm.cancelled',
} as const;

/** Begins dialogs, keeps those that wait for a click, and lets each click go on with its dialog once. */
export class Dialogs {
  readonly #tools: Tools;
  readonly #command: CommandDialog;

  constructor(tools: Tools) {
    this.#tools = tools;
    this.#command = new CommandDialog(tools);
  }

  /** Works a message through. `id` is where the dialog is kept should it have to wait. */
  async begin(context: TurnContext, facts: Facts, id: string): Promise<void> {
    // Colleagues' own talk, which arrives where the bot may read the whole channel, is neither a reply nor a command.
    if (!facts.addressed) return;
    // A reply asks nothing and waits for nothing: making a dialog of it would cost more than storing it.
    if (readFacts(facts).kind === 'text' && !markDoubt(facts)) return sendText(context, facts, this.#tools);
    const state: DialogState = { dialogStack: [] };
    const dc = await this.#set(state).createContext(context);
    const { status } = await dc.beginDialog(this.#command.id, { facts, dialog: id });
    if (status !== DialogTurnStatus.waiting) return;
    const record = { id, deskId: facts.deskId, state, expiresAt: this.#tools.now() + this.#tools.questionLife };
    await this.#tools.desk.dialogs.insert(record);
  }

  /**
   * A message of before has other words now. What was a reply is changed or corrected; what was none becomes none by an edit: a person is
   * asked. Commands are not run this way.
   */
  async edited(facts: Facts, id: string, at: number): Promise<void> {
    const { dialogs, edits } = this.#tools.desk;
    const { deskId, threadId, activityId, person, addressed } = facts;
    const source = { threadId, activityId, person };
    const reply = addressed ? replyIn(facts) : undefined;
    // Whoever takes the mention away has called it off, in whatever words.
    const change = { deskId, source, at, typed: addressed ? facts.typed : undefined };
    if (reply) {
      // The question about the old words is over.
      await dialogs.remove(id, id);
      const { picturesStay } = await edits.take({ ...change, ...reply });
      if (picturesStay)
        await this.#tools.desk.notices.tell(deskId, threadId, person, { sentence: 'edited.picturesStay' });
      return;
    }
    // A question about it stands, with the words that it is about: its buttons decide.
    if (await dialogs.read(id, id)) return;
    await edits.take({ ...change, gone: 'notReply', heard: await this.#isHeard(facts) });
  }

  /** A message of before was deleted, and with it the question about it. */
  async deleted(facts: Facts, id: string, at: number): Promise<void> {
    const { deskId, threadId, activityId, person } = facts;
    const { dialogs, edits } = this.#tools.desk;
    await dialogs.remove(id, id);
    await edits.take({
      deskId,
      source: { threadId, activityId, person },
      at,
      gone: 'deleted',
    });
  }

  /** Whether a message that was worked through as a command, or was asked about as one, still looks like one. */
  async #isHeard(facts: Facts): Promise<boolean> {
    const { kind } = readFacts(facts);
    return kind !== 'text' && kind !== 'empty' && (await this.#tools.desk.turns.knows(turnOf(facts)));
  }

  /** Goes on with a waiting dialog. Whoever clicks first takes it; every later click is told that it is over. */
  async answer(context: TurnContext, id: string, person: Person, desk: { id: string; locale: Locale }): Promise<void> {
    const say = speaker(desk.locale);
    const { dialogs } = this.#tools.desk;
    const waiting = await dialogs.read(id, id);
    const open = waiting?.value.deskId === desk.id && waiting.value.expiresAt > this.#tools.now();
    if (!open || !(await dialogs.remove(id, id, waiting.version))) return tell(context, say('confirm.expired'));
    const state = waiting.value.state as DialogState;
    const dc = await this.#set(state).createContext(context);
    const { choice, command = '', done } = (await dc.continueDialog()).result as Chosen;
    const sentence = done ? settled[choice] : 'confirm.notDone';
    await replaceClicked(context, settledCard(say(sentence, { name: person.name, command: brief(command) })));
  }

  /** The SDK wants a property accessor; ours holds the one state at hand. */
  #set(state: DialogState): DialogSet {
    const accessor = { get: async () => state, set: async () => undefined, delete: async () => undefined };
    return new DialogSet(accessor).add(this.#command);
  }
}
