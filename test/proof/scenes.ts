import type { Fault } from '../../simulator/state.ts';
import type { Fleet } from './fleet.ts';
import { Ledger } from './ledger.ts';
import type { Outside } from './outside.ts';
import { runsOf } from './posts.ts';
import { until } from './until.ts';
import type { Verdict } from './verdict.ts';

const SENDING = 'sendFromOperator$';
const POSTING = '/activities$';

/** How long a part of a scene may take (ms). */
export const PATIENCE = 40_000;

/** One playing of a scene: a customer of its own in a Teams channel of its own, and what is said with them. */
export class Play {
  readonly outside: Outside;
  readonly fleet: Fleet;
  readonly ledger: Ledger;
  readonly key: string;
  /** Takes back what the customer on LINE has written. */
  takeBack?: () => Promise<unknown>;
  readonly #channel: string;

  private constructor(outside: Outside, fleet: Fleet, key: string, channel: string) {
    this.outside = outside;
    this.fleet = fleet;
    this.ledger = new Ledger(outside);
    this.key = key;
    this.#channel = channel;
  }

  static async open(outside: Outside, fleet: Fleet, key: string): Promise<Play> {
    const { channel, settled } = outside.simulator.teams.createChannel(`窓口 ${key}`);
    await settled;
    return new Play(outside, fleet, key, channel.id);
  }

  /** The customer writes; resolves when the product keeps it. */
  async ask(): Promise<void> {
    const text = this.ledger.say(this.key, 'teams');
    const customer = this.outside.simulator.karte.customer({ user_id: this.key });
    const { outcome } = await customer.write(text, { metadata: { ms_teams: { channel: this.#channel } } }).settled;
    if (outcome === 'accepted') this.ledger.accept(text);
  }

  /** An operator answers; resolves when the product keeps it. */
  async answer(): Promise<void> {
    const { id: thread } = await this.ledger.threadOf(this.key);
    const text = this.ledger.say(this.key, 'customer');
    const { teams } = this.outside.simulator;
    const delivery = await teams.say('佐藤 健', { thread, text, mentions: ['bot'] }).settled;
    if (delivery?.outcome === 'accepted') this.ledger.accept(text);
  }

  /** From now on the customer is a visitor, of whom nobody has heard yet. */
  visits(): void {
    this.outside.simulator.karte.customer({ visitor_id: this.key });
  }

  /** The visitor signs in. */
  signsIn(): void {
    this.outside.simulator.karte.customer(this.key).identify(`${this.key}-member`);
  }

  /** A customer on LINE writes, which is shown, and resolves with what takes it back. */
  async writesOnLine(): Promise<() => Promise<unknown>> {
    const { teams, line } = this.outside.simulator;
    // Under a name of their own: the ledger knows customers by their key.
    const customer = line.customer({ name: `LINE ${[...this.key].reverse().join('')}` });
    const { message, settled } = customer.write(this.#secret);
    await settled;
    await until('it is shown', () => teams.botPosts().some((post) => runsOf(post).includes(this.#secret)), PATIENCE);
    return () => customer.unsend(message).settled;
  }

  /** Whether nothing in Teams shows any more what the customer on LINE has taken back. */
  get isTakenBack(): boolean {
    return !this.outside.simulator.teams.botPosts().some((post) => runsOf(post).join().includes(this.#secret));
  }

  get #secret(): string {
    return `取り消す言葉 ${[...this.key].reverse().join('')}。`;
  }

  /** Somebody moves the conversation to a Teams channel made for it; resolves when the product has said that it will. */
  async move(): Promise<void> {
    const { teams } = this.outside.simulator;
    const root = (await this.ledger.threadOf(this.key)).rootId;
    const data = { madoguchi: 'move', room: await this.#elsewhere() };
    const send = async () => (await teams.submitTask('佐藤 健', root, data).catch(() => undefined))?.status === 200;
    await until('the move is taken', send, PATIENCE);
  }

  /** Whether the conversation has a thread in the Teams channel that it was moved to, and the old one says so. */
  get hasMoved(): boolean {
    const { teams } = this.outside.simulator;
    const there = teams.threads(`移動先 ${this.key}`).some(({ posts }) => posts[0]?.fromBot);
    const before = teams.threads(this.#channel).flatMap(({ posts }) => posts);
    return there && before.some((post) => JSON.stringify(post.attachments).includes('に移しました'));
  }

  async #elsewhere(): Promise<string> {
    const name = `移動先 ${this.key}`;
    const { channel, settled } = this.outside.simulator.teams.createChannel(name);
    await settled;
    return channel.id;
  }

  /** The customer has written, and it is shown. */
  async begun(): Promise<void> {
    await this.ask();
    await this.seen();
  }

  seen(): Promise<true> {
    return until('what was said is seen', () => this.ledger.missing === 0, PATIENCE);
  }

  /** The Teams channel has nothing to do any more, and the process that drove it gives it back. */
  async rested(): Promise<void> {
    const { first } = this.fleet;
    const before = await givenBack(first.url);
    const gone = async () => first.isOver || (await givenBack(first.url).catch(() => before)) > before;
    await until('a lane is given back', gone, PATIENCE);
  }

  fail(fault: Fault): void {
    this.outside.simulator.faults.next(fault);
  }

  /** The next call of this kind gets no answer; resolves when it has come in, and the process is killed over it. */
  async dieOver(fault: Fault, said: () => Promise<void>): Promise<void> {
    this.fail(fault);
    await said();
    const { faults } = this.outside.simulator;
    await until('the call has come in', () => faults.state.planned.length === 0, PATIENCE);
    await this.fleet.kill();
  }
}

/** How many lanes a process has given back so far. */
async function givenBack(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^madoguchi_lease_events_total\{event="given_back"\} (\d+)$/m.exec(metrics)?.[1]);
}

/** Something that happens to a message, whose every step is to be a point where the process dies. */
export interface Scene {
  name: string;
  /** Everything up to the moment from which steps are counted. */
  prepare?(play: Play): Promise<void>;
  /** What is done then. Without it the process was killed in `prepare`, and the steps are those of its successor. */
  act?(play: Play): Promise<void>;
  /** What is to be found beside what is always so. */
  wants?: Partial<Verdict>;
  /** The step that it is made for; others may reach that by chance. */
  about?: string;
  /** Whether it has come to its end; when it is left out: when all that was said is seen. */
  isOver?(play: Play): boolean;
}

export const SCENES: Scene[] = [
  { name: 'the first message of a conversation', act: (play) => play.ask() },
  {
    name: 'a Teams channel that comes to rest',
    about: 'lane.left',
    async act(play) {
      await play.begun();
      await play.rested();
    },
  },
  { name: 'a later message', prepare: (play) => play.begun(), act: (play) => play.ask() },
  {
    name: 'messages that wait for one another',
    prepare: (play) => play.begun(),
    async act(play) {
      for (let count = 0; count < 5; count += 1) await play.ask();
    },
  },
  { name: 'a reply', prepare: (play) => play.begun(), act: (play) => play.answer() },
  {
    name: 'a reply that KARTE refuses, and the notice of it',
    async prepare(play) {
      await play.begun();
      play.fail({ side: 'karte', path: SENDING, status: 400, times: 100 });
    },
    act: (play) => play.answer(),
    wants: { lostAtCustomers: 1, failureCards: 1 },
    isOver: ({ ledger }) => ledger.failures.length > 0,
  },
  {
    name: 'a visitor who signs in',
    async prepare(play) {
      play.visits();
      await play.begun();
    },
    async act(play) {
      play.signsIn();
      await play.ask();
    },
  },
  {
    name: 'a move, while messages and a reply wait',
    prepare: (play) => play.begun(),
    async act(play) {
      play.fail({ side: 'karte', path: SENDING, status: 429, headers: { 'retry-after': '2' } });
      play.fail({ side: 'teams', method: 'POST', path: POSTING, status: 429, headers: { 'retry-after': '6' } });
      await play.answer();
      for (let count = 0; count < 2; count += 1) await play.ask();
      await play.move();
      await play.ask();
    },
    wants: { unmarkedRoots: 1 },
    isOver: (play) => play.ledger.missing === 0 && play.hasMoved,
  },
  {
    name: 'a customer on LINE who takes a message back',
    about: 'unsent.hidden',
    async prepare(play) {
      await play.begun();
      play.takeBack = await play.writesOnLine();
    },
    act: async (play) => void (await play.takeBack?.()),
    isOver: (play) => play.isTakenBack,
  },
  {
    name: 'a reply that arrived when its sender died',
    async prepare(play) {
      await play.begun();
      await play.dieOver({ side: 'karte', path: SENDING, hang: 'after' }, () => play.answer());
    },
  },
  {
    name: 'a reply that did not arrive when its sender died',
    async prepare(play) {
      await play.begun();
      await play.dieOver({ side: 'karte', path: SENDING, hang: 'before' }, () => play.answer());
    },
  },
  {
    name: 'a message that was shown when its poster died',
    async prepare(play) {
      await play.begun();
      await play.dieOver({ side: 'teams', method: 'POST', path: POSTING, hang: 'after' }, () => play.ask());
    },
  },
  {
    name: 'a thread that was made when its maker died',
    async prepare(play) {
      await play.dieOver({ side: 'teams', method: 'POST', path: '^/v3/conversations$', hang: 'after' }, () =>
        play.ask(),
      );
    },
  },
];
