import { STEPS, type Step } from '../../src/desk/steps.ts';
import { until } from '../integration/moves.ts';
import { runsOf, SATO, wordsOf } from '../integration/stand.ts';
import { REPEAT, reply, type Scene, SEND_PATH, scene, sends, settled, stored, threadsOf } from './scene.ts';

const BECAME = 'ログインされました';

describe('a visitor who signs in while something fails', () => {
  let s: Scene;
  /** The step at which the process dies next; from there on it stands still. */
  let dying: Step | undefined;
  /** What happens once the notice is stored, before that is noted. */
  let meanwhile: (() => Promise<void>) | undefined;
  beforeEach(async () => {
    dying = undefined;
    meanwhile = undefined;
    s = await scene({
      step: (step) => {
        if (step === 'member.told' && meanwhile) return meanwhile();
        if (dying !== step) return undefined;
        dying = undefined;
        return new Promise(() => undefined);
      },
    });
  });
  afterEach(() => s.close());

  async function visitorOf(key: string) {
    const visitor = s.simulator.karte.customer({ visitor_id: `vis-${key}` });
    await visitor.write('ビジターです').settled;
    const thread = await s.simulator.waitFor(() => threadsOf(s, `vis-${key}`).find(({ posts }) => posts.length > 1));
    await settled(s);
    return {
      visitor,
      thread,
      said: () =>
        thread.posts
          .slice(1)
          .filter(({ fromBot }) => fromBot)
          .flatMap(runsOf),
    };
  }
  const words = (runs: string[]) => runs.map((run) => (run.includes(BECAME) ? BECAME : run));
  /** What KARTE was asked about whom, from this call on. */
  const askedSince = (first: number) =>
    s.simulator.karte.calls
      .slice(first)
      .filter(({ path }) => /sendFromOperator$|message\/get$/.test(path))
      .map(({ path, body }) => `${path.split('/').at(-1)} ${(body as { user_id: string }).user_id}`);

  test.each(STEPS.filter((step) => step.startsWith('member.')))(
    'goes on in one thread when the process is killed at “%s”, and the notice is shown once',
    async (step) => {
      const { visitor, thread, said } = await visitorOf('a');
      visitor.identify('member-a');
      dying = step;
      const hook = visitor.write('会員です');
      await s.clock.until(() => dying === undefined, 0);
      await s.crash();
      await hook.settled;
      await settled(s, 200);
      expect(words(said()).filter((run, at, all) => all.indexOf(run) === at)).toEqual([
        'ビジターです',
        BECAME,
        '会員です',
      ]);
      // What a dead process had in hand may be shown a second time, with a mark.
      const marked = thread.posts.filter((post) => wordsOf(post).includes(REPEAT));
      expect(said().length - 3).toBe(marked.length);
      expect(
        s.simulator.teams
          .threads()
          .filter(({ posts }) => posts[0]?.fromBot && wordsOf(posts[0]).includes('さんとの会話')),
      ).toHaveLength(1);
    },
  );

  // The notice was known by how often the conversation had changed its place, so that it was said again in the new one.
  test('is told of once when the conversation moves to another Teams channel at that moment', async () => {
    const { visitor, thread } = await visitorOf('m');
    const { desk } = s.running;
    const room = s.simulator.teams.channel('返品・交換').id;
    const now = async () => (await desk.directory.conversationOf(thread.id))?.value;
    meanwhile = async () => {
      meanwhile = undefined;
      const conversation = await now();
      if (conversation) await desk.moves.move(conversation, room, { id: 'sato', name: SATO });
      await until(async () => (await now())?.room === room);
    };
    visitor.identify('member-m');
    await visitor.write('会員です').settled;
    await visitor.write('続きです').settled;
    await settled(s, 200);
    const all = s.simulator.teams.threads().flatMap(({ posts }) => posts.slice(1).map(wordsOf));
    expect(all.filter((text) => text.includes(BECAME))).toHaveLength(1);
    expect((await now())?.toSay).toBeUndefined();
  });

  test('goes on when the hook that said so is never repeated: the next one settles it', async () => {
    const { visitor, said } = await visitorOf('b');
    visitor.identify('member-b');
    s.faulty.fail({ name: 'conversations', method: 'replace', times: 1 });
    const data = (text: string, date: string) => ({
      data: { user_id: 'member-b', visitor_id: 'vis-b', date, content: { text } },
      extra: {},
    });
    const lost = s.simulator.karte.hooks.event(
      'talk/message/sendFromUser',
      data('失われる', '2026-01-01T00:00:00.000Z'),
    );
    expect((await lost.answered).attempts[0]?.status).toBe(503);
    s.simulator.karte.settings.memberVisitorId = false;
    await lost.settled;
    await visitor.write('次の通知').answered;
    await settled(s);
    expect(words(said())).toEqual(['ビジターです', BECAME, '失われる', '次の通知']);
  });

  test('is looked for under the old id first when a reply to it ended unclear, and then under the new one', async () => {
    const { visitor, thread } = await visitorOf('c');
    const before = s.simulator.karte.calls.length;
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, hang: 'before' });
    await reply(s, thread, '届いたでしょうか').answered;
    await s.simulator.waitFor(() => s.simulator.faults.state.planned.length === 0);
    visitor.identify('member-c');
    await visitor.write('会員です').answered;
    await s.clock.until(() => visitor.received.length > 0 || undefined, 500);
    await settled(s);
    const asked = askedSince(before);
    expect(asked[0]).toBe('sendFromOperator vis-c');
    expect(asked.slice(1, 3)).toEqual(['get vis-c', 'get member-c']);
    expect(asked.at(-1)).toBe('sendFromOperator member-c');
    expect(visitor.received.map(({ text }) => text)).toEqual(['届いたでしょうか']);
  });

  test('is not answered twice when the old id shows that the reply arrived', async () => {
    const { visitor, thread } = await visitorOf('d');
    s.simulator.faults.next({ side: 'karte', path: SEND_PATH, hang: 'after' });
    await reply(s, thread, '届いています').answered;
    await s.simulator.waitFor(() => s.simulator.faults.state.planned.length === 0);
    visitor.identify('member-d');
    await visitor.write('会員です').answered;
    await settled(s);
    expect(sends(s)).toHaveLength(1);
    expect((await stored(s)).every(({ state }) => state === 'delivered')).toBe(true);
  });
});
