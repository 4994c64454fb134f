import type { Thread } from '../../simulator/state.ts';
import { channelsOf } from '../../src/channels/index.ts';
import { en } from '../../src/text/en.ts';
import { ja } from '../../src/text/ja.ts';
import { failures, NOT_SENT, reply, type Scene, scene, settled, UNCLEAR } from '../faults/scene.ts';
import { picture } from '../fixtures/pictures.ts';
import { runsOf, SATO, threadOf, wordsOf } from '../integration/stand.ts';
import { type Customer, type RawHook, type Side, sides } from './sides.ts';

/** Channels with nothing behind them: what they say of themselves. */
const registry = channelsOf({ karte: {}, line: {} } as never);
const all = [...registry.values()];

test('every channel of the registry has its side here', () => {
  expect([...registry.keys()].toSorted()).toEqual(Object.keys(sides).toSorted());
});

describe.each(all)('the record of $name', (channel) => {
  const keys = Object.keys(ja);

  test('names its account among its fields, and every field in both languages', () => {
    const { form, name } = channel;
    expect(form.fields.map(({ id }) => id)).toContain(form.account);
    expect(form.fields.find(({ id }) => id === form.account)).toMatchObject({ secret: false, required: true });
    for (const { id } of form.fields) {
      expect(keys).toContain(`connect.${name}.${id}`);
      expect(Object.keys(en)).toContain(`connect.${name}.${id}`);
    }
    expect(keys).toEqual(expect.arrayContaining([`channels.${name}`, `connect.${name}.hook`, `connect.${name}.next`]));
  });

  test('says what each of its answers means', () => {
    expect(channel.outcomes.side).toBe(channel.name);
    for (const { code } of channel.outcomes.rows) expect(keys).toContain(`${channel.name}.${code}`);
  });

  test('offers what its capabilities promise', () => {
    expect(channel.capabilities.readMarks).toBe(channel.markRead !== undefined);
    // Whatever ends unclear is found out one way or the other.
    expect(channel.capabilities.idempotentFor !== undefined || channel.lookUp !== undefined).toBe(true);
    expect(channel.hookPath('id')).toMatch(/^\/api\/(teams|channels)\//);
  });
});

describe.each(Object.values(sides))('$name', (side: Side) => {
  let s: Scene;
  beforeEach(async () => {
    s = await scene();
    await side.connect(s);
  });
  afterEach(() => s.close());

  const capabilities = () => s.running.desk.directory.channel(side.name).capabilities;

  /** Somebody who has written, and their thread once it shows that. */
  async function talking(name: string, text = 'こんにちは'): Promise<{ customer: Customer; thread: Thread }> {
    const customer = side.customer(s, name);
    void customer.write(text);
    const thread = await s.simulator.waitFor(() => {
      const found = threadOf(s.simulator, name);
      return found?.posts.slice(1).some((post) => runsOf(post).includes(text)) ? found : undefined;
    });
    return { customer, thread };
  }

  const send = ({ path, headers, body }: RawHook) =>
    fetch(`${s.running.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  const shownTimes = (text: string) =>
    s.simulator.teams
      .botPosts()
      .filter((post) => runsOf(post).includes(text) && !wordsOf(post).includes('さんとの会話')).length;

  describe('takes a hook', () => {
    test('that is genuine', async () => {
      expect((await send(await side.hook(s, { text: '本物です' }))).status).toBe(200);
      await s.clock.until(() => shownTimes('本物です') === 1, 100);
    });

    test.each<[string, number, (genuine: RawHook) => RawHook]>([
      ['without a signature', 401, ({ headers, ...hook }) => ({ ...hook, headers: without(headers, side.signature) })],
      ['with an empty one', 401, (hook) => signedWith(hook, side, '')],
      ['with one of another length', 401, (hook) => signedWith(hook, side, 'AAAA')],
      [
        'with one that is off by a letter',
        401,
        (hook) => signedWith(hook, side, changed(hook.headers[side.signature])),
      ],
      ['whose body was changed by a byte', 401, (hook) => ({ ...hook, body: hook.body.replace('本物', '偽物') })],
      [
        'whose body was written anew',
        401,
        (hook) => ({ ...hook, body: JSON.stringify(JSON.parse(hook.body), null, 1) }),
      ],
    ])('%s never: %d', async (_name, status, forged) => {
      const genuine = await side.hook(s, { text: '本物です' });
      const answer = await send(forged(genuine));
      expect(answer.status).toBe(status);
      expect(await answer.text()).not.toMatch(/secret|本物|偽物/);
      expect(shownTimes('本物です') + shownTimes('偽物です')).toBe(0);
    });

    test('signed with another secret never: 401', async () => {
      expect((await send(await side.hook(s, { text: '本物です' }, 'test-other-secret'))).status).toBe(401);
    });

    test('that is no JSON, or of another shape, never: 400, and 401 unless it was signed', async () => {
      const { apiKey } = s.simulator.karte.project;
      for (const body of [
        `{"api_key":${JSON.stringify(apiKey)}}`,
        `{"events":"none","api_key":${JSON.stringify(apiKey)}}`,
      ]) {
        expect((await send(await side.hook(s, { body }))).status).toBe(400);
        expect((await send(await side.hook(s, { body }, 'test-other-secret'))).status).toBe(401);
      }
      expect([400, 401]).toContain((await send(await side.hook(s, { body: '{' }))).status);
    });

    test('of an account that is not connected never: 404', async () => {
      const { path, ...hook } = await side.hook(s, { text: '本物です' });
      const elsewhere = path.startsWith('/api/channels')
        ? { ...hook, path: `/api/channels/${side.name}/somebody` }
        : { ...hook, path, body: hook.body.replace(s.simulator.karte.project.apiKey, 'test-other-key') };
      expect((await send(elsewhere)).status).toBe(404);
    });

    test('that is too long never: 413', async () => {
      const body = JSON.stringify({ api_key: s.simulator.karte.project.apiKey, x: 'x'.repeat(1024 * 1024) });
      expect((await send(await side.hook(s, { body }))).status).toBe(413);
    });

    test('however often it comes, also at once: it is shown one time, and each is answered 200', async () => {
      const hook = await side.hook(s, { text: '一度だけ' });
      const answers = await Promise.all(Array.from({ length: 8 }, () => send(hook)));
      answers.push(await send(hook));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      await settled(s);
      expect(shownTimes('一度だけ')).toBe(1);
    });

    test('with 503 while the store is away, and takes it when it comes again', async () => {
      const hook = await side.hook(s, { text: 'あとで届く' });
      s.faulty.down = true;
      expect((await send(hook)).status).toBe(503);
      s.faulty.heal();
      expect((await send(hook)).status).toBe(200);
      await settled(s);
      expect(shownTimes('あとで届く')).toBe(1);
    });
  });

  test('keeps order both ways', async () => {
    const { customer, thread } = await talking('order');
    const texts = Array.from({ length: 8 }, (_, n) => `${n} 番目です。`);
    for (const text of texts) await customer.write(text);
    await settled(s);
    const shown = threadOf(s.simulator, 'order')?.posts.slice(1).flatMap(runsOf) ?? [];
    expect(shown.filter((text) => texts.includes(text))).toEqual(texts);
    for (const text of texts) await reply(s, thread, `返事 ${text}`).answered;
    await s.clock.until(() => customer.texts().length === texts.length || undefined, 200);
    expect(customer.texts()).toEqual(texts.map((text) => `返事 ${text}`));
  });

  test('sends a text as long as it takes, whole', async () => {
    const { customer, thread } = await talking('limits');
    // Teams takes no longer one (28 KB).
    const longest = Math.min(capabilities().maxText ?? 9_000, 9_000);
    const text = Array.from({ length: 5_000 }, (_, n) => `${n} 番目の文です。`)
      .join('')
      .slice(0, longest);
    await reply(s, thread, text).answered;
    await s.clock.until(() => customer.texts().length > 0 || undefined, 200);
    await settled(s);
    expect(customer.texts().join('')).toBe(text);
    expect(failures(s)).toEqual([]);
  });

  describe('when it answers', () => {
    test.each([400, 401, 403, 404, 413])(
      '%d: nothing was sent, it is not tried again, and the thread says why',
      async (status) => {
        const { customer, thread } = await talking(`certain-${status}`);
        s.simulator.faults.next({ ...side.sending, status, times: side.name === 'line' && status === 401 ? 2 : 1 });
        await reply(s, thread, '届きません').answered;
        await s.clock.until(() => failures(s, NOT_SENT)[0], 1_000);
        await settled(s, 60_000);
        expect(customer.texts()).toEqual([]);
      },
    );

    test('429: nothing was sent, and it is sent again', async () => {
      const { customer, thread } = await talking('throttled');
      s.simulator.faults.next({ ...side.sending, status: 429 });
      await reply(s, thread, 'あとで届く').answered;
      await s.clock.until(() => customer.texts().length > 0 || undefined, 500);
      await settled(s);
      expect(customer.texts()).toEqual(['あとで届く']);
      expect(side.sends(s)).toBe(2);
    });

    test.each<[string, object]>([
      ['500 after the effect', { status: 500, effect: true }],
      ['500 without it', { status: 500 }],
      ['a reset after the effect', { reset: 'after' }],
      ['silence without the effect', { hang: 'before' }],
    ])('%s: the customer has it once', async (_name, fault) => {
      const { customer, thread } = await talking('unclear');
      s.simulator.faults.next({ ...side.sending, ...fault });
      const said = reply(s, thread, '一度だけ');
      await s.clock.until(() => said.post.reactions.length > 0, 500);
      await settled(s, 60_000);
      expect(customer.texts()).toEqual(['一度だけ']);
      expect([...failures(s), ...failures(s, UNCLEAR)]).toEqual([]);
    });
  });

  describe('does what its capabilities say', () => {
    test('of pictures: as one, or as a link of ours and the operator is told', async () => {
      const { customer, thread } = await talking('pictures');
      await s.simulator.teams.say(SATO, {
        thread: thread.id,
        text: '写真です',
        mentions: ['bot'],
        pictures: [picture()],
      }).answered;
      await s.clock.until(() => customer.texts().length > 0 || undefined, 200);
      await settled(s);
      const [first = '', ...others] = customer.texts();
      if (capabilities().images) expect([first, ...others]).toEqual(['写真です', '[image]']);
      else {
        expect(first).toMatch(/^写真です\n[\s\S]*https:\/\/desk\.example\.test\/files\//);
        await s.simulator.waitFor(() =>
          thread.posts.find((post) => wordsOf(post).includes('リンクにしてお客さまに送りました')),
        );
      }
    });

    test('of edits: what can’t be changed is offered as a correction', async () => {
      const { customer, thread } = await talking('edits');
      const { post } = reply(s, thread, '三時に伺います');
      await s.clock.until(() => customer.texts().length === 1 || undefined, 200);
      await settled(s);
      await s.simulator.teams.edit(SATO, post.id, '@KARTE 四時に伺います').answered;
      const card = await s.clock.until(() => thread.posts.find((one) => wordsOf(one).includes('編集前の文')), 200);
      expect(wordsOf(card).includes('書き換えることはできません')).toBe(!capabilities().edits);
      expect(customer.texts()).toEqual(['三時に伺います']);
    });

    test('of sending again: under one key where it has one, else never without a look', async () => {
      const { customer, thread } = await talking('again');
      s.simulator.faults.next({ ...side.sending, reset: 'after' });
      const said = reply(s, thread, '一度だけ');
      await s.clock.until(() => said.post.reactions.length > 0, 500);
      await settled(s, 60_000);
      expect(side.sends(s)).toBe(capabilities().idempotentFor === undefined ? 1 : 2);
      expect(customer.texts()).toEqual(['一度だけ']);
    });

    test('of secrets: a text that holds one goes nowhere', async () => {
      const { customer, thread } = await talking('secrets');
      const { clientSecret } = s.simulator.karte.project;
      const { channelSecret } = s.simulator.line.account().state;
      const secret = side.name === 'line' ? channelSecret : clientSecret;
      await reply(s, thread, `鍵はこれです: ${secret} よろしくお願いします`).answered;
      await settled(s);
      expect(customer.texts()).toEqual([]);
    });
  });
});

function without(headers: Record<string, string>, name: string): Record<string, string> {
  const { [name]: _, ...others } = headers;
  return others;
}

function signedWith(hook: RawHook, { signature }: Side, value: string): RawHook {
  return { ...hook, headers: { ...hook.headers, [signature]: value } };
}

/** The same but for one letter in its middle. */
function changed(signature = ''): string {
  const at = Math.floor(signature.length / 2);
  return `${signature.slice(0, at)}${signature[at] === 'a' ? 'b' : 'a'}${signature.slice(at + 1)}`;
}
