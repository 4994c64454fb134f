import { cannedListCard } from '../../cards/canned.ts';
import { replaceClicked, show, tell } from '../answers.ts';
import { bareValue } from '../arguments.ts';
import { sendCanned } from '../cannedSend.ts';
import { memberFor } from '../connecting.ts';
import { Refusal } from '../refusal.ts';
import { isCommandWord } from '../slash.ts';
import { type CommandTurn, conversationHere, type Runs } from './command.ts';

/** Answers that a desk gives again and again. Every member of the team keeps them, guests do not. */
export const cannedReplies: Runs<'cannedAdd' | 'cannedList' | 'cannedRemove' | 'cannedSend'> = {
  async cannedAdd({ text }, turn) {
    const { tools, facts, say } = turn;
    const [, name = '', words = ''] = /^(\S+)(?:\s+(\S[\s\S]*))?$/.exec(text) ?? [];
    if (name === '' || words === '') return say('answer.needsCanned', { blank: '{name}' });
    const by = await memberFor(tools, facts.deskId, turn.context.activity.from.id);
    const wanted = nameIn(name);
    if (isCommandWord(wanted)) throw new Refusal('canned.commandWord', { name: wanted });
    const kept = await tools.desk.canned.add(facts.deskId, by, wanted, words);
    return say('answer.cannedAdded', { name: kept.name });
  },

  async cannedList({ page = 1 }, turn) {
    const { context, tools, facts, say } = turn;
    const replies = await tools.desk.canned.list(facts.deskId);
    if (replies.length === 0) return say('answer.noCanned', { blank: '{name}' });
    const conversation = await tools.desk.directory.conversationOf(facts.threadId);
    const card = cannedListCard(replies, page, conversation?.value.deskId === facts.deskId, say);
    // A turned page takes the place of the one before it.
    await (isClick(turn) ? replaceClicked(context, card) : show(context, card));
    return undefined;
  },

  async cannedRemove({ text }, turn) {
    const { tools, facts, say } = turn;
    const name = nameIn(text);
    if (name === '') return say('answer.needsCannedName');
    await memberFor(tools, facts.deskId, turn.context.activity.from.id);
    const removed = await tools.desk.canned.remove(facts.deskId, name);
    // The words are not lost with it: whoever replaces a text begins with the old one.
    await tell(turn.context, say('answer.cannedRemoved', { name: removed.name, text: removed.text }));
    return undefined;
  },

  async cannedSend({ reply: name }, turn) {
    const { context, facts, tools, say } = turn;
    const conversation = await conversationHere(turn);
    const reply = await tools.desk.canned.find(facts.deskId, name);
    if (!reply) throw new Refusal('canned.unknown', { name });
    return sendCanned(context, reply, conversation, facts, tools, say);
  },
};

/** A name as typed: perhaps with its slash, or in the brackets of a placeholder. */
function nameIn(typed: string): string {
  return bareValue(typed.trim()).replace(/^\//, '');
}

function isClick({ context }: CommandTurn): boolean {
  return typeof context.activity.value === 'object' && context.activity.value !== null;
}
