import { asked, button, buttonsOf, idle, linkedStand, nowOf, press, receivedBy, tell, until } from './moves.ts';
import { conversation, SATO, type Stand, YAMADA } from './stand.ts';

/** No other text in this file holds these words. */
const SECRET = '極秘ノート八四七二';

/** Every way in which a note is written, and what may become of its message afterwards. */
const writings: [string, (s: Stand, thread: Thread) => Promise<unknown>][] = [
  ['by command', (s, thread) => say(s, thread, `note ${SECRET}`)],
  ['by its Japanese name', (s, thread) => say(s, thread, `メモ　${SECRET}`)],
  ['in several lines with back-ticks', (s, thread) => say(s, thread, `note 一行目\n\`\`\`${SECRET}\`\`\``)],
  [
    'with a colon, asked about and run',
    async (s, thread) => {
      const { posts } = await say(s, thread, `メモ：${SECRET}`);
      await press(s, YAMADA, posts[0], button(posts[0], 'note'));
    },
  ],
  [
    'with a colon, asked about and left',
    async (s, thread) => {
      const { posts } = await say(s, thread, `note: ${SECRET}`);
      if (posts[0] && buttonsOf(posts[0]).length > 0) await press(s, YAMADA, posts[0], button(posts[0], 'やめる'));
    },
  ],
  [
    'delivered three times',
    async (s, thread) => {
      const said = s.simulator.teams.say(YAMADA, { thread: thread.id, text: `note ${SECRET}`, mentions: ['bot'] });
      await said.answered;
      await Promise.all([1, 2].map(() => s.simulator.teams.deliver(said.activity as object as never).answered));
    },
  ],
  [
    'by the card’s form',
    (s, thread) => s.simulator.teams.submitTask(SATO, thread.posts[0]?.id ?? '', { madoguchi: 'note', text: SECRET }),
  ],
  [
    'while KARTE does not answer',
    async (s, thread) => {
      s.simulator.faults.next({ side: 'karte', path: 'note/send', status: 503 });
      await say(s, thread, `note ${SECRET}`);
    },
  ],
  [
    'without the scope',
    async (s, thread) => {
      const { project } = s.simulator.karte;
      project.scopes = project.scopes.filter((scope) => scope !== 'beta.talk.note.send');
      await say(s, thread, `note ${SECRET}`);
    },
  ],
  [
    'at a desk that sends only what is marked',
    async (s, thread) => {
      const { id } = s.simulator.state().team;
      await s.running.desk.directory.changeDesk(id, (desk) => ({ ...desk, rules: { guarded: true } }));
      await say(s, thread, SECRET);
    },
  ],
];

type Thread = Awaited<ReturnType<typeof conversation>>['thread'];
const say = (s: Stand, { id }: Thread, text: string) => tell(s, YAMADA, { thread: id, text });

describe('a note reaches no customer by any way out', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await linkedStand();
  });
  afterEach(() => s.close());

  test.each(writings)('written %s', async (_, write) => {
    const { customer, thread } = await conversation(s.simulator, 'leak');
    await write(s, thread);
    // Every way out toward the customer is used afterwards: replies sent, parked, sent again; status, assignee, events, history; a restart.
    const { directory } = s.running.desk;
    await directory.changeDesk(s.simulator.state().team.id, (desk) => ({ ...desk, rules: {} }));
    s.simulator.faults.next({ side: 'karte', path: 'sendFromOperator', status: 400 });
    await say(s, thread, '届かない返信');
    await idle(s);
    const failed = await until(() =>
      thread.posts.find((post) => buttonsOf(nowOf(s, post)).some(({ title }) => title === 'もう一度送る')),
    );
    await press(s, YAMADA, failed, button(failed, 'もう一度送る'));
    for (const command of ['operator assign', 'event checked result=ok', 'history', 'close', 'open', 'waiting'])
      await say(s, thread, command);
    await customer.write('ありがとうございます').settled;
    await s.crash();
    await say(s, thread, '最後の返信');
    expect((await receivedBy(s, 'leak')).map(({ text }) => text)).toEqual(['届かない返信', '最後の返信']);
    const out = s.simulator.karte.calls.filter(({ body }) => JSON.stringify(body ?? '').includes(SECRET));
    expect(out.filter(({ path }) => path !== '/v2beta/talk/note/send')).toEqual([]);
    const stored = await s.store.deliveries.find({ where: { toward: 'endUser' } });
    expect(stored.filter(({ value }) => JSON.stringify(value).includes(SECRET))).toEqual([]);
    // The search finds what is there: notes went where they belong, at least where KARTE takes them.
    expect(asked(s, 'sendFromOperator').map(({ content }) => (content as { text: string }).text)).toContain(
      '最後の返信',
    );
  });
});
