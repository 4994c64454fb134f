import type { Delivery } from '../desk/delivery.ts';
import type { Desk } from '../desk/desk.ts';
import { textOf } from '../desk/message.ts';
import type { DeskSettings, Person } from '../desk/settings.ts';
import type { Say, SentenceKey } from '../text/text.ts';

/** What a press made of its card: a sentence in the card's place, with words that are to stay. */
export interface Settled {
  settles: string;
  words?: string;
}

/** A press either settles its card, or only has something told. */
export type Effect = Settled | { tells: string };

type Data = Record<string, unknown>;
type Press = (desk: Desk, delivery: Delivery, person: Person, say: Say, data: Data) => Promise<Effect>;

/** Buttons of the cards about undelivered and edited messages. */
const presses: Record<string, Press> = {
  async sendAgain({ parked }, delivery, { name }, say) {
    const { lane, id, failure } = delivery;
    const done = await parked.sendAgain(lane, id);
    const key = failure?.code === 'delivery.afterEdit' ? 'failure.sentNow' : 'failure.sentAgain';
    return done ? { settles: say(key, { name }) } : over(parked, delivery, say);
  },

  async sendWords({ parked }, delivery, { name }, say) {
    const { lane, id } = delivery;
    const done = await parked.sendAgain(lane, id, true);
    return done ? { settles: say('failure.sentWords', { name }) } : over(parked, delivery, say);
  },

  async markDelivered({ parked }, delivery, { name }, say) {
    const { lane, id, failure } = delivery;
    const done = await parked.markDelivered(lane, id);
    const key = failure?.kind === 'unknown' ? 'failure.markedSent' : 'failure.markedDone';
    return done ? { settles: say(key, { name }) } : over(parked, delivery, say);
  },

  async discard({ parked }, delivery, { name }, say) {
    const { lane, id } = delivery;
    const done = await parked.discard(lane, id);
    return done ? { settles: say(discardedKey(done), { name }), words: wordsOf(done) } : over(parked, delivery, say);
  },

  async sendCorrection({ edits }, delivery, { name }, say, { revision }) {
    const worded = (text: string) => say('edited.correction', { text });
    const receipt = await edits.correct(delivery, Number(revision), worded);
    if (receipt === 'stored')
      return { settles: say('edited.corrected', { name }), words: worded(delivery.revision?.text ?? '') };
    return { tells: say(notCorrected[receipt]) };
  },
};

const notCorrected = {
  repeat: 'failure.alreadyDone',
  ignored: 'edited.newer',
  withheld: 'answer.withheld',
  left: 'answer.leftNotDone',
} as const;

export function isAboutDelivery({ madoguchi }: Data): boolean {
  return typeof madoguchi === 'string' && Object.hasOwn(presses, madoguchi);
}

/** What a press of a member does, once it is sure that the delivery belongs to their desk: a button's data can be made up. */
export async function pressed(
  desk: Desk,
  { id: deskId }: DeskSettings,
  data: Data,
  person: Person,
  say: Say,
): Promise<Effect> {
  const { madoguchi, lane, delivery: id } = data;
  const found = typeof lane === 'string' && typeof id === 'string' ? await desk.parked.read(lane, id) : undefined;
  const owner = found && (await desk.directory.changeConversation(found.conversationId, (current) => current)).value;
  const press = presses[String(madoguchi)];
  if (!press || !found || owner?.deskId !== deskId) return { tells: say('conversation.unknown') };
  return press(desk, found, person, say, data);
}

async function over(parked: Desk['parked'], delivery: Delivery, say: Say): Promise<Effect> {
  const soon = await parked.isBeingParked(delivery);
  return { tells: say(soon ? 'failure.inAMoment' : 'failure.alreadyDone') };
}

function discardedKey({ toward, failure }: Delivery): SentenceKey {
  if (toward === 'teams') return 'failure.discardedToTeams';
  return failure?.kind === 'unknown' ? 'failure.discardedUnknown' : 'failure.discarded';
}

function wordsOf({ content }: Delivery): string {
  return content.type === 'message' ? textOf(content.message) : '';
}
