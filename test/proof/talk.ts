import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import type { Ledger } from './ledger.ts';
import type { Outside } from './outside.ts';
import type { Pace } from './pace.ts';

export interface TalkPlan {
  /** Names the customers of this talk. */
  name?: string;
  conversations: number;
  /** How many messages each customer writes, and how many answers each gets. */
  each: number;
  /** How many Teams channels of the team the customers are spread over. */
  channels: number;
  /** The first of them, counted from 0 in the team's list. */
  firstChannel?: number;
  chance: Chance;
  /** The longest pause between two messages of one person (ms). */
  pause?: number;
  /** When it is given, people go on writing until it says that it is enough. */
  isEnough?(): boolean;
  /** Holds everybody while something is prepared. */
  pace?: Pace;
}

const OPERATORS = ['山田 花子', '佐藤 健'];

/**
 * Customers write and operators answer, all of them at the same time. Whoever has written waits until the product has taken the message before
 * writing the next one: from then on its place in the conversation is known.
 */
export function talk(outside: Outside, ledger: Ledger, plan: TalkPlan): Promise<unknown> {
  const people = Array.from({ length: plan.conversations }, (_, number) => ({
    number,
    key: `${plan.name ?? 'member'}-${String(number).padStart(4, '0')}`,
    asking: plan.chance.fork(),
    answering: plan.chance.fork(),
  }));
  const talking = Promise.all(
    people.flatMap(({ number, key, asking, answering }) => [
      asks(outside, ledger, key, channelOf(outside, (plan.firstChannel ?? 0) + (number % plan.channels)), plan, asking),
      answers(outside, ledger, key, plan, answering),
    ]),
  );
  // Who waits for it hears of a failure, but may be busy with something else at first.
  talking.catch(() => undefined);
  return talking;
}

/** One customer's whole side. */
async function asks(
  { simulator }: Outside,
  ledger: Ledger,
  key: string,
  channel: string,
  { each, isEnough = () => true, pause = 0, pace }: TalkPlan,
  chance: Chance,
): Promise<void> {
  const customer = simulator.karte.customer({ user_id: key });
  for (let count = 0; count < each || !isEnough(); count += 1) {
    await sleep(chance.whole(0, pause));
    await pace?.turn();
    const text = ledger.say(key, 'teams');
    const { outcome } = await customer.write(text, { metadata: { ms_teams: { channel } } }).settled;
    if (outcome === 'accepted') ledger.accept(text);
  }
}

/** The operators' whole side, in the thread that shows the customer's words. */
async function answers(
  { simulator }: Outside,
  ledger: Ledger,
  key: string,
  { each, isEnough = () => true, pause = 0, pace }: TalkPlan,
  chance: Chance,
): Promise<void> {
  const { id: thread } = await ledger.threadOf(key);
  for (let count = 0; count < each || !isEnough(); count += 1) {
    await sleep(chance.whole(0, pause));
    await pace?.turn();
    const text = ledger.say(key, 'customer');
    const who = OPERATORS[chance.whole(0, OPERATORS.length - 1)] ?? '';
    const delivery = await simulator.teams.say(who, { thread, text, mentions: ['bot'] }).settled;
    if (delivery?.outcome === 'accepted') ledger.accept(text);
  }
}

function channelOf({ simulator }: Outside, number: number): string {
  const channel = simulator.state().channels[number];
  if (!channel) throw new Error(`the team has no Teams channel number ${number}`);
  return channel.id;
}
