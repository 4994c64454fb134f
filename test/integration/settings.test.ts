import { rulesOf } from '../../src/desk/rules.ts';
import { validateCard } from '../contract/schemas.ts';
import { roomyStand, tell } from './moves.ts';
import { taskOf } from './setupMoves.ts';
import { GUEST, OUTSIDER, runsOf, SATO, type Stand, wordsOf, YAMADA } from './stand.ts';

describe('settings', () => {
  let s: Stand;
  beforeEach(async () => {
    s = await roomyStand();
  });
  afterEach(() => s.close());

  const say = (text: string, who = YAMADA) => tell(s, who, { channel: s.simulator.state().team.id, text });
  const desk = async () => {
    const [found] = await s.store.desks.find({});
    if (!found) throw new Error('there is no desk');
    return found.value;
  };
  const rules = async () => rulesOf(await desk());
  const offered = async () => (await say('settings')).posts[0];
  /** The form as it is shown: its lines and its inputs by their ids. */
  const formIn = (answer: Awaited<ReturnType<Stand['simulator']['teams']['fetchTask']>>) => {
    const { type, value } = taskOf(answer);
    if (type !== 'continue') throw new Error(`no form, but: ${value}`);
    const { content } = value.card;
    expect(validateCard(content)).toEqual([]);
    const body = content.body as unknown as { id?: string; value?: unknown; choices?: { value: string }[] }[];
    const inputs = body.filter(({ id }) => id !== undefined);
    return {
      problems: body.filter(({ id }) => id === undefined).map((part) => JSON.stringify(part)),
      values: Object.fromEntries(inputs.map(({ id, value }) => [id, value])),
      choices: (id: string) => inputs.find((input) => input.id === id)?.choices?.map(({ value }) => value) ?? [],
    };
  };
  const open = async (who = YAMADA) =>
    s.simulator.teams.fetchTask(who, (await offered())?.id ?? '', { madoguchi: 'settings' });
  const send = async (values: Record<string, unknown>, who = YAMADA) => {
    const post = await offered();
    const { values: today } = formIn(
      await s.simulator.teams.fetchTask(YAMADA, post?.id ?? '', { madoguchi: 'settings' }),
    );
    return s.simulator.teams.submitTask(who, post?.id ?? '', { madoguchi: 'settings', ...today, ...values });
  };
  const OFFICE = { days: '1,2,3,4,5', from: '09:30', to: '18:00', zone: 'Asia/Tokyo', holidays: 'true' };

  test('shows how the desk works in plain words, with a button to change it', async () => {
    const post = await offered();
    const words = post ? wordsOf(post) : '';
    expect(words).toContain('いつでも営業中です。');
    expect(words).toContain('お知らせしません。');
    expect(words).toContain('日本語');
    expect(validateCard(post?.attachments[0]?.content)).toEqual([]);
  });

  test('lets conversations be handed out, up to a capacity that is a number', async () => {
    await send({ handOut: 'leastOpen', capacity: '３' });
    expect(await rules()).toMatchObject({ handOut: 'leastOpen', capacity: 3 });
    const post = await offered();
    expect(post ? wordsOf(post) : '').toContain('対応中が一番少ない人に割り当てます。 1 人 3 件までです。');
    for (const wrong of [{ handOut: 'always' }, { capacity: '-1' }, { capacity: '1000' }, { capacity: '' }])
      expect(formIn(await send(wrong)).problems).toHaveLength(1);
    expect(await rules()).toMatchObject({ handOut: 'leastOpen', capacity: 3 });
  });

  test('opens a form with what counts today', async () => {
    const { values } = formIn(await open());
    expect(values).toEqual({
      language: 'ja',
      guarded: 'false',
      history: 10,
      handOut: 'off',
      capacity: 0,
      days: '',
      from: '09:00',
      to: '18:00',
      zone: 'Asia/Tokyo',
      holidays: 'true',
      remindAfter: 0,
      remind: 'nobody',
      away: '',
    });
  });

  test('keeps what was chosen, says who changed it, and shows it from then on', async () => {
    const { id: satoId } = await linkedSato();
    const answer = await send({
      ...OFFICE,
      remindAfter: 45,
      remind: satoId,
      away: ' 本日は終了しました。\r\n',
      history: '２０',
    });
    expect(taskOf(answer)).toEqual({ type: 'message', value: '保存しました。' });
    expect(await rules()).toMatchObject({
      guarded: false,
      history: 20,
      hours: { days: [1, 2, 3, 4, 5], from: 570, to: 1080, zone: 'Asia/Tokyo', holidays: true },
      remindAfter: 45,
      remind: { name: SATO },
      away: '本日は終了しました。',
    });
    expect(s.simulator.teams.botPosts().map(wordsOf)).toContainEqual(
      expect.stringContaining(`${YAMADA} さんが窓口の設定を変えました`),
    );
    const post = await offered();
    expect(post && runsOf(post)).toEqual(
      expect.arrayContaining([
        '月 火 水 木 金 9:30〜18:00（Asia/Tokyo）\n日本の祝日は休みです。',
        expect.stringContaining('45 分'),
        '本日は終了しました。',
      ]),
    );
    expect(formIn(await open()).values).toMatchObject({ from: '09:30', remindAfter: 45, remind: satoId });
  });

  test('changes the language of the desk at once', async () => {
    await send({ language: 'en' });
    const post = await offered();
    expect(post && wordsOf(post)).toContain('How this desk works');
    expect((await desk()).locale).toBe('en');
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a number of messages beyond 20', { history: 21 }, '0 から 20'],
    ['half a message', { history: '1.5' }, '0 から 20'],
    ['a zone that nobody knows', { zone: 'Asia/Tokio' }, 'Asia/Tokio'],
    ['an offset for a zone', { zone: '+09:00' }, '+09:00'],
    ['no time', { from: '' }, '始まりの時刻'],
    ['a time past midnight', { to: '24:00' }, '終わりの時刻'],
    ['hours without an end', { from: '09:00', to: '09:00' }, '時刻が同じ'],
    ['too long a wait', { remindAfter: 2_401 }, '2400'],
    ['a stranger to be mentioned', { remind: 'somebody' }, 'このチームにいません'],
    ['too long a message', { ...OFFICE, away: '長'.repeat(1_001) }, '1001'],
    ['a message of a desk that never closes', { days: '', away: '終了しました' }, '営業日を選んで'],
    ['a day that is none', { days: '1,9' }, '一覧から'],
    ['a language that is none', { language: 'xx' }, '一覧から'],
  ])('says what is wrong with %s, keeps nothing, and leaves what was typed', async (_, values, words) => {
    const before = await desk();
    const { problems, values: shown } = formIn(await send({ ...OFFICE, zone: 'Europe/Berlin', ...values }));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(words);
    expect(shown.holidays).toBe('true');
    if (!('zone' in values)) expect(shown.zone).toBe('Europe/Berlin');
    expect(await desk()).toEqual(before);
  });

  test('says everything that is wrong at once', async () => {
    expect(formIn(await send({ history: -1, zone: '', from: 'x' })).problems).toHaveLength(3);
  });

  test('takes a member off the list who has left the team', async () => {
    const { id } = await linkedSato();
    expect(formIn(await open()).choices('remind')).toContain(id);
    await s.simulator.teams.removeMember(SATO).settled;
    expect(formIn(await send({ remind: id })).problems[0]).toContain('このチームにいません');
  });

  test.each([SATO, GUEST, OUTSIDER])('is for admins: %s may neither open nor send it', async (who) => {
    const before = await desk();
    expect(taskOf(await open(who))).toEqual({ type: 'message', value: expect.any(String) });
    expect(taskOf(await send({ history: 3 }, who))).toEqual({ type: 'message', value: expect.any(String) });
    expect(await desk()).toEqual(before);
  });

  test('by somebody who is no admin says who they are', async () => {
    expect((await say('settings', SATO)).words).toContain(`管理者: ${YAMADA}`);
  });

  async function linkedSato() {
    await say('operator link op-sato-0002', SATO);
    const [link] = await s.store.operators.find({});
    if (!link) throw new Error('nobody is linked');
    return link.value.person;
  }
});
