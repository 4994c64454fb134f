import type { Post } from '../../simulator/state.ts';
import { bodyOf, buttonsOf, roomyStand, tell } from './moves.ts';
import { conversation, SATO, type Stand, wordsOf, YAMADA } from './stand.ts';

const commands = [
  'setup',
  'operator link',
  'operator unlink',
  'operator assign',
  'operator unassign',
  'note',
  'close',
  'open',
  'event',
  'admin add',
  'admin list',
  'help',
];

const languages = {
  ja: { LOCALE: 'ja', title: 'できること', assign: '自分、または @ した人を担当にする' },
  en: { LOCALE: 'en', title: 'What you can do', assign: 'Assign yourself, or the person you @' },
};

describe.each(Object.entries(languages))('help in %s', (language, { LOCALE, title, assign }) => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand({ env: { LOCALE } });
  });
  afterAll(() => s.close());

  const inGeneral = (text: string) => tell(s, YAMADA, { channel: s.simulator.state().team.id, text });
  const factsOf = (post: Post | undefined) => bodyOf(post).flatMap(({ facts = [] }) => facts);

  test('one card lists every command that exists, each with what it does', async () => {
    const { posts } = await inGeneral('help');
    expect(posts).toHaveLength(1);
    expect(posts[0] && wordsOf(posts[0])).toContain(title);
    const facts = factsOf(posts[0]);
    for (const command of commands)
      expect(facts.filter((fact) => fact.title === command && fact.value)).toHaveLength(1);
    expect(facts.find((fact) => fact.title === 'operator assign')?.value).toBe(assign);
  });

  test('it comes a moment later when Teams has no room for it at once', async () => {
    const fault = { side: 'teams', method: 'POST', path: 'activities', status: 429 } as const;
    s.simulator.faults.next({ ...fault, times: 2, headers: { 'Retry-After': '1' } });
    const said = s.simulator.teams.say(YAMADA, {
      channel: s.simulator.state().team.id,
      text: 'help',
      mentions: ['bot'],
    });
    const answers = () => said.thread.posts.filter(({ fromBot }) => fromBot);
    await s.simulator.waitFor(() => answers()[0]);
    expect(answers()).toHaveLength(1);
    expect(s.simulator.faults.state.planned).toEqual([]);
  });

  test('its suggestions fill the compose box, the bot mentioned', async () => {
    await inGeneral('help');
    const sent = s.simulator.teams.calls
      .map(({ body }) => body as { suggestedActions?: { to: string[]; actions: { type: string }[] } })
      .findLast((body) => body?.suggestedActions);
    expect(sent?.suggestedActions?.to).toStrictEqual([s.simulator.teams.person(YAMADA).id]);
    expect(new Set(sent?.suggestedActions?.actions.map(({ type }) => type))).toEqual(new Set(['Action.Compose']));
  });

  test('each of its buttons runs the command it names, once, for a member of the team', async () => {
    const { posts } = await inGeneral('help');
    const card = posts[0];
    const { posts: inThread } = s.simulator.teams
      .threads()
      .find((thread) => thread.posts.some(({ id }) => id === card?.id)) ?? { posts: [] };
    const buttons = buttonsOf(card);
    expect(buttons.length).toBeGreaterThan(2);
    for (const { title: name, data } of buttons) {
      expect(commands).toContain(name);
      const before = inThread.length;
      const { settled, activity } = s.simulator.teams.click(YAMADA, card?.id ?? '', data);
      await settled;
      expect(inThread).toHaveLength(before + 1);
      await s.simulator.teams.redeliver(activity.id as string).settled;
      expect(inThread).toHaveLength(before + 1);
    }
  });

  test('a made-up button neither runs another command nor sends anything to the customer', async () => {
    const { customer, thread } = await conversation(s.simulator, `made-up-${language}`);
    await tell(s, YAMADA, { thread: thread.id, text: 'help' });
    const card = thread.posts.at(-1);
    const before = thread.posts.length;
    for (const command of ['event stolen', 'こんにちは', 'operator link op-sato-0002', 7])
      await s.simulator.teams.click(SATO, card?.id ?? '', { madoguchi: 'command', command }).settled;
    expect(thread.posts).toHaveLength(before);
    expect(customer.received).toHaveLength(0);
  });

  test.each(['ヘルプ', 'Ｈｅｌｐ', ' help 。', 'コマンド一覧', 'へるぷ'])('%s is help too', async (text) => {
    expect((await inGeneral(text)).words).toContain(title);
  });

  test('in a customer’s thread it reaches no customer, delivered once or twice', async () => {
    const { customer, thread } = await conversation(s.simulator, `help-${language}`);
    const { posts, activityId } = await tell(s, YAMADA, { thread: thread.id, text: 'help' });
    expect(posts).toHaveLength(1);
    await s.simulator.teams.redeliver(activityId).settled;
    expect(thread.posts.filter((post) => wordsOf(post).includes(title))).toHaveLength(1);
    expect(customer.received).toEqual([]);
  });
});

describe('a desk in English', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand({ env: { LOCALE: 'en' } });
  });
  afterAll(() => s.close());

  test('speaks English everywhere: setup, root card, questions, failures, answers', async () => {
    const { thread } = await conversation(s.simulator, 'english', 'Hello');
    const say = (text: string) => tell(s, YAMADA, { thread: thread.id, text });
    await say('setup');
    await say('operater assign');
    await say('operator assign');
    await say('operator link op-nobody');
    await say('event 1x a=1');
    await say('note for us');
    s.simulator.faults.next({ side: 'karte', path: 'sendFromOperator', status: 403 });
    await say('This one fails.');
    await s.simulator.waitFor(() => thread.posts.some((post) => wordsOf(post).includes('Not sent to the customer')));
    await s.simulator.karte.customer('english').answer('op-sato-0002', 'From the console').settled;
    await s.simulator.waitFor(() => thread.posts.some((post) => wordsOf(post).includes('in KARTE')));
    const words = s.simulator.teams.botPosts().map(wordsOf).join('\n').replaceAll(YAMADA, '').replaceAll('佐藤', '');
    expect(words).toContain('Conversation with member english');
    expect(words).not.toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u);
  });
});
