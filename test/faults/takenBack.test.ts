import type { Post } from '../../simulator/state.ts';
import type { Happening, Receipt } from '../../src/desk/intake.ts';
import type { Step } from '../../src/desk/steps.ts';
import { SATO, shown, wordsOf } from '../integration/stand.ts';
import {
  failureCard,
  failures,
  NOT_SENT,
  press,
  reply,
  type Scene,
  SEND_AGAIN,
  scene,
  sends,
  settled,
  stored,
  threadsOf,
} from './scene.ts';

const KEY = 'takes-back';
const BLOCKED = 'ブロック';

describe('what a channel tells beside messages', () => {
  let s: Scene;
  /** The step at which the process dies next; from there on it stands still. */
  let dying: Step | undefined;
  let count = 0;
  beforeEach(async () => {
    dying = undefined;
    count = 0;
    s = await scene({
      step: (step) => {
        if (dying !== step) return undefined;
        dying = undefined;
        return new Promise(() => undefined);
      },
    });
  });
  afterEach(() => s.close());

  /** Something that the channel reports of this customer. */
  async function report(
    happening: Happening,
    { key = KEY, ...more }: { eventId?: string; again?: boolean; key?: string } = {},
  ): Promise<Receipt> {
    const { directory, intake } = s.running.desk;
    const [connection] = await directory.connectionsOf(s.simulator.state().team.id);
    if (!connection) throw new Error('the desk is not connected');
    count += 1;
    return intake.receive({ eventId: `event-${count}`, connection, endUser: { key }, happening, ...more });
  }

  function said(id: string, text: string): Happening {
    return {
      type: 'message',
      message: { id, author: { kind: 'endUser' }, parts: [{ kind: 'text', text }], at: s.clock.now() },
    };
  }

  const unsent = (messageId: string): Happening => ({ type: 'unsent', messageId, at: s.clock.now() });
  const thread = () => s.simulator.waitFor(() => threadsOf(s, KEY)[0]);
  const inTeams = async () => (await thread()).posts.map(wordsOf).join('\n');
  /** The card at the root shows what was said last, and is drawn a moment later. */
  const goneFromTeams = (words: string) =>
    s.clock.until(async () => !(await inTeams()).includes(words) || undefined, 1_000);
  const onDisk = async () => JSON.stringify(await stored(s));

  test('a message that its customer took back is gone from the thread and from the store; what shares its post stays', async () => {
    await Promise.all(['一つ目です', '二つ目は秘密', '三つ目です'].map((text, at) => report(said(`m${at}`, text))));
    await settled(s);
    expect(await inTeams()).toContain('二つ目は秘密');
    expect(await report(unsent('m1'))).toBe('stored');
    await settled(s);
    await goneFromTeams('秘密');
    const { posts } = await thread();
    const words = await inTeams();
    expect(words).toMatch(/一つ目です[\s\S]*三つ目です/);
    expect(posts.length).toBeLessThanOrEqual(4);
    expect(await onDisk()).not.toContain('秘密');
    expect(await report(unsent('m1'))).toBe('repeat');
  });

  test('a long message that was shown in pieces is taken back as a whole', async () => {
    const long = Array.from({ length: 3_000 }, (_, n) => `${n} 番目の文です。`).join('');
    await report(said('m1', long));
    await settled(s);
    expect((await thread()).posts.length).toBeGreaterThan(2);
    await report(unsent('m1'));
    await settled(s);
    await goneFromTeams('番目の文');
    expect(await onDisk()).not.toContain('番目の文');
  });

  test.each<[string, (scene: Scene) => void]>([
    [
      'Teams is away',
      ({ simulator }) => simulator.faults.next({ side: 'teams', method: 'PUT', status: 503, times: 3 }),
    ],
    ['Teams hangs', ({ simulator }) => simulator.faults.next({ side: 'teams', method: 'PUT', hang: 'before' })],
  ])('is taken back in the end when %s', async (_name, fail) => {
    await report(said('m1', '取り消す言葉'));
    await settled(s);
    // The card is drawn by its own time; what fails now is the post.
    await s.clock.until(async () => (await inTeams()).split('取り消す言葉').length > 2 || undefined, 1_000);
    fail(s);
    await report(unsent('m1'));
    await s.clock.until(async () => !(await inTeams()).includes('取り消す言葉') || undefined, 5_000);
  });

  test('is taken back when the process is killed between the store and Teams', async () => {
    await report(said('m1', '取り消す言葉'));
    await settled(s);
    dying = 'unsent.hidden';
    await report(unsent('m1'));
    await s.clock.until(() => dying === undefined, 0);
    expect(await onDisk()).not.toContain('取り消す言葉');
    await s.crash();
    await settled(s, 200);
    await s.clock.until(async () => !(await inTeams()).includes('取り消す言葉') || undefined, 1_000);
  });

  test('a message that was taken back before it came in at all is never shown', async () => {
    await report(said('m1', 'こんにちは'));
    await settled(s);
    await report(unsent('m2'));
    expect(await report(said('m2', '遅れて届いた秘密'))).toBe('ignored');
    await settled(s);
    expect(await inTeams()).not.toContain('秘密');
  });

  // The first words of a customer have no conversation yet in which the news could be kept.
  test('a customer’s very first message that was taken back before it came in is never shown, nor is a thread made', async () => {
    expect(await report(unsent('m1'))).toBe('ignored');
    expect(await report(said('m1', '最初の秘密'))).toBe('ignored');
    await settled(s);
    expect(threadsOf(s, KEY)).toHaveLength(0);
    expect(await onDisk()).not.toContain('秘密');
  });

  test('the same message told under two events is shown once', async () => {
    await report(said('m1', '一度だけ'));
    expect(await report(said('m1', '一度だけ'))).toBe('repeat');
    await settled(s);
    const { posts } = await thread();
    expect(posts.slice(1).filter((post) => wordsOf(post).includes('一度だけ'))).toHaveLength(1);
  });

  test('who blocks the account gets nothing, the operator is told so, and what was written then is sent once they can be reached', async () => {
    await report(said('m1', 'こんにちは'));
    const { id } = await thread();
    const customer = s.simulator.karte.customer({ user_id: KEY });
    await settled(s);
    await report({ type: 'following', follows: false, at: s.clock.now() });
    await shown(s.simulator, id, BLOCKED);
    reply(s, await thread(), 'お待たせしました');
    const card = await failureCard(s, NOT_SENT, 1_000);
    expect(wordsOf(card)).toContain(BLOCKED);
    expect(sends(s)).toHaveLength(0);
    await s.clock.until(async () => wordsOf((await thread()).posts[0] as Post).includes(BLOCKED) || undefined, 1_000);
    // News of an earlier day changes nothing.
    await report({ type: 'following', follows: true, at: s.clock.now() - 86_400_000 });
    await report({ type: 'following', follows: true, at: s.clock.now() });
    await press(s, SATO, card, SEND_AGAIN);
    await s.simulator.waitFor(() => customer.received.length > 0);
    // Whoever has pressed it sees so, and the button is gone.
    await s.simulator.waitFor(() => wordsOf(card).includes(`${SATO} さんがもう一度送りました。`));
    await settled(s);
    expect(customer.received.map(({ text }) => text)).toEqual(['お待たせしました']);
  });

  test('nobody takes back what somebody else said', async () => {
    await report(said('m1', '別の人の言葉'));
    await report(said('x1', 'こんにちは'), { key: 'somebody-else' });
    await settled(s);
    await report(unsent('m1'), { key: 'somebody-else' });
    await settled(s);
    expect(await onDisk()).toContain('別の人の言葉');
  });

  test.each<[string, (at: number) => Happening]>([
    ['following again', (at) => ({ type: 'following', follows: true, at })],
    ['writing', () => said('m2', '見ています')],
  ])('late news of a block that was over by %s changes nothing', async (_name, later) => {
    await report(said('m1', 'こんにちは'));
    const at = s.clock.now();
    s.clock.skip(2_000);
    await report(later(s.clock.now()));
    await report({ type: 'following', follows: false, at: at + 1_000 });
    const [conversation] = await s.faulty.store.conversations.find({});
    expect(conversation?.value.blockedAt).toBeUndefined();
  });

  test('who writes can be reached, whatever was told before', async () => {
    await report(said('m1', 'こんにちは'));
    const customer = s.simulator.karte.customer({ user_id: KEY });
    await report({ type: 'following', follows: false, at: s.clock.now() });
    await s.clock.until(() => true, 1_000);
    await report(said('m2', 'また来ました'));
    await settled(s);
    reply(s, await thread(), 'お帰りなさい');
    await s.simulator.waitFor(() => customer.received.length > 0);
    expect(failures(s)).toHaveLength(0);
  });

  test('a customer who blocks the account waits for no answer, and one who never wrote gets no thread', async () => {
    expect(await report({ type: 'following', follows: true, at: s.clock.now() })).toBe('ignored');
    expect(threadsOf(s, KEY)).toHaveLength(0);
    await report(said('m1', 'こんにちは'));
    const customer = s.simulator.karte.customer({ user_id: KEY });
    reply(s, await thread(), '回答です');
    await s.simulator.waitFor(() => customer.received.length > 0);
    await settled(s);
    await report({ type: 'following', follows: false, at: s.clock.now() });
    await settled(s);
    const [conversation] = await s.faulty.store.conversations.find({});
    expect(conversation?.value.blockedAt).toEqual(expect.any(Number));
    expect(conversation?.value.unansweredSince).toBeUndefined();
  });
});
