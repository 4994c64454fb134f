import { FolderStorage } from '../../src/attachments/folder.ts';
import type { Storage } from '../../src/attachments/storage.ts';
import { bytesOf, disguised, type PictureKind, padded, picture } from '../fixtures/pictures.ts';
import { ownTime } from '../ownTime.ts';
import { buttonsOf, idle, roomyStand, tell, until } from './moves.ts';
import { fetched, imagesOf, linksIn, opened } from './pictureMoves.ts';
import { conversation, runsOf, SATO, type Stand, threadOf, wordsOf } from './stand.ts';

describe('a customer’s picture', () => {
  let s: Stand;
  let ahead = 0;
  beforeAll(async () => {
    s = await roomyStand({ replace: { now: () => Date.now() + ahead } });
  });
  afterAll(() => s.close());
  afterEach(() => {
    s.simulator.faults.clear();
    s.simulator.karte.settings.imageShape = 'address';
    ahead = 0;
  });

  /** What the thread shows of a message with a picture. */
  async function shown(key: string, text: string, chosen = picture()) {
    const customer = s.simulator.karte.customer({ user_id: key });
    const hook = await customer.write(text, { picture: chosen }).answered;
    expect(hook.attempts[0]?.status).toBe(200);
    await idle(s);
    const posts = threadOf(s.simulator, key)?.posts ?? [];
    expect(posts).toHaveLength(2);
    return { post: posts[1], customer };
  }

  test.each(['png', 'jpeg', 'gif', 'webp'] as PictureKind[])('of kind %s is shown in the thread', async (kind) => {
    const { post } = await shown(`picture-${kind}`, '届いた品の写真です', picture(kind));
    expect(post && runsOf(post)).toEqual(['届いた品の写真です']);
    const [image] = imagesOf(post);
    expect(image?.altText).toContain('お客さまの画像');
    expect(image?.url).toMatch(/^https:\/\/desk\.example\.test\/files\//);
    const { status, headers, bytes } = await opened(s, image?.url);
    expect(status).toBe(200);
    expect(bytes).toEqual(bytesOf(kind));
    expect(headers.get('content-type')).toBe(`image/${kind}`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('content-disposition')).toMatch(/^inline;/);
    expect(buttonsOf(post).map(({ title }) => title)).toEqual(['画像を開く']);
  });

  test('alone, without a word, is shown too', async () => {
    const { post } = await shown('picture-alone', '');
    expect(imagesOf(post)).toHaveLength(1);
    expect(fetched(s, 'karte').at(-1)).toMatchObject({ status: 200 });
  });

  test('in an object is found as well, with its name', async () => {
    s.simulator.karte.settings.imageShape = 'object';
    const { post } = await shown('picture-object', 'こちらです', picture('png', '領収書.png'));
    expect(imagesOf(post)[0]?.altText).toBe('お客さまの画像: 領収書.png');
  });

  test('is fetched once, however often its post is tried', async () => {
    const before = fetched(s, 'karte').length;
    s.simulator.faults.next({ side: 'teams', path: '/activities$', status: 502, containing: 'Image' });
    await shown('picture-retried', '一度だけ');
    expect(fetched(s, 'karte')).toHaveLength(before + 1);
  });

  test.each([
    ['is nothing of that kind', disguised(), {}],
    ['is too large', padded(11 * 1024 * 1024), {}],
    ['is gone', picture(), { status: 404 }],
    ['is somewhere else by now', picture(), { status: 302, headers: { location: 'http://127.0.0.1:1/secret' } }],
    ['is not to be had', picture(), { reset: 'before' as const }],
  ])('that %s is a line in the message, and nothing else is lost', async (why, chosen, fault) => {
    if (Object.keys(fault).length > 0) s.simulator.faults.next({ side: 'karte', path: '^/files/', ...fault });
    const { post, customer } = await shown(`picture-${why}`, '写真を送ります', chosen);
    expect(imagesOf(post)).toEqual([]);
    expect(post && runsOf(post)).toEqual(['写真を送ります']);
    expect(post && wordsOf(post)).toContain('[画像]');
    customer.write('届きましたか');
    await until(() =>
      threadOf(s.simulator, `picture-${why}`)?.posts.some((one) => wordsOf(one).includes('届きましたか')),
    );
  });

  test('that hangs holds its own conversation up for seconds, and no other', async () => {
    s.simulator.faults.next({ side: 'karte', path: '^/files/', hang: true });
    const customer = s.simulator.karte.customer({ user_id: 'picture-hangs' });
    await customer.write('見えますか', { picture: picture() }).answered;
    const { ms } = await ownTime(() => conversation(s.simulator, 'picture-not-mine', '急ぎです'));
    expect(ms).toBeLessThan(3_000);
    expect(threadOf(s.simulator, 'picture-hangs')?.posts[1]).toBeUndefined();
    await s.simulator.waitFor(() => threadOf(s.simulator, 'picture-hangs')?.posts[1]);
  });

  test.each([
    'https://files.example.test/a.png',
    'https://api.karte.io.example.test/a.png',
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost:1/a.png',
    'https://user:word@static.karte.io/a.png',
    'https://127.0.0.1/a.png',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
  ])('at %s is asked of nobody', async (image) => {
    const key = `picture-at-${image}`;
    const { hooks } = s.simulator.karte;
    const data = { user_id: key, visitor_id: 'v', date: new Date().toISOString(), content: { text: '見て', image } };
    await hooks.event('talk/message/sendFromUser', { data, extra: {} }).answered;
    await idle(s);
    const post = threadOf(s.simulator, key)?.posts[1];
    expect(imagesOf(post)).toEqual([]);
    expect(post && runsOf(post)).toEqual(['見て']);
    // Nothing but an address over https is offered to click on.
    const opens = buttonsOf(post) as unknown as { url: string }[];
    expect(opens.map(({ url }) => url)).toEqual(image.startsWith('https:') ? [image] : []);
    const lines = s.log.lines.filter(({ line }) => line === 'a picture could not be had').map(({ fields }) => fields);
    if (/^https?:/.test(image)) expect(lines.at(-1)).toMatchObject({ code: 'picture.foreignHost' });
  });

  test.each([[{ any: 'thing' }], [[]], [[[['x']]]], [42], [true], [{ url: 42 }], [{ url: 'javascript:alert(1)' }]])(
    'of a shape nobody knows (%j) loses no words',
    async (image) => {
      const key = `picture-shape-${JSON.stringify(image)}`;
      const data = { user_id: key, visitor_id: 'v', date: new Date().toISOString(), content: { text: '見て', image } };
      await s.simulator.karte.hooks.event('talk/message/sendFromUser', { data, extra: {} }).answered;
      await idle(s);
      const post = threadOf(s.simulator, key)?.posts[1];
      expect(post && runsOf(post)).toEqual(['見て']);
      expect(buttonsOf(post)).toEqual([]);
    },
  );

  test('is gone from its link when the message’s time is over', async () => {
    const { post } = await shown('picture-over', '期限');
    const [image] = imagesOf(post);
    expect((await opened(s, image?.url)).status).toBe(200);
    ahead = 90 * 24 * 60 * 60_000 + 2_000;
    const over = await opened(s, image?.url);
    const forged = await opened(s, image?.url.replace(/sign=./, 'sign=x'));
    expect([over.status, over.bytes]).toEqual([404, forged.bytes]);
  });

  test('a file is shown by its name and size, with a link', async () => {
    const file = { url: 'https://static.karte.io/a.pdf', name: '*見積* <b>.pdf', size: 2_097_152 };
    const data = { user_id: 'file-in', visitor_id: 'v', date: new Date().toISOString(), content: { text: '', file } };
    await s.simulator.karte.hooks.event('talk/message/sendFromUser', { data, extra: {} }).answered;
    await idle(s);
    const post = threadOf(s.simulator, 'file-in')?.posts[1];
    expect(post && runsOf(post)).toEqual(['*見積* <b>.pdf (2.0 MB)']);
    expect(buttonsOf(post)).toMatchObject([{ title: '*見積* <b>.pdf (2.0 MB) を開く', url: file.url }]);
  });
});

test('while pictures can’t be kept, words go on in both directions, and an operator’s picture goes once it can be', async () => {
  const kept = new FolderStorage();
  let away = true;
  const guarded = <T>(ask: () => Promise<T>) => (away ? Promise.reject(new Error('the test took it away')) : ask());
  const attachments: Storage = {
    put: (...given) => guarded(() => kept.put(...given)),
    find: (key) => guarded(() => kept.find(key)),
    open: (key) => guarded(() => kept.open(key)),
    remove: (key) => guarded(() => kept.remove(key)),
    sweep: (now) => guarded(() => kept.sweep(now)),
    close: () => kept.close(),
  };
  const s = await roomyStand({ replace: { attachments } });
  try {
    const customer = s.simulator.karte.customer({ user_id: 'no-place' });
    await customer.write('見えますか', { picture: picture() }).answered;
    await idle(s);
    const thread = threadOf(s.simulator, 'no-place');
    const post = thread?.posts[1];
    expect([post && runsOf(post), imagesOf(post)]).toEqual([['見えますか'], []]);
    await tell(s, SATO, { thread: thread?.id ?? '', text: 'これです', pictures: [picture()] });
    await until(() => s.log.lines.some(({ line }) => line === 'a picture could not be kept'));
    expect(customer.received).toEqual([]);
    away = false;
    await s.simulator.waitFor(() => customer.received[0]);
    const [link] = linksIn(customer.received[0]?.text ?? '');
    expect((await opened(s, link)).bytes).toEqual(bytesOf('png'));
    away = true;
    expect((await opened(s, link)).status).toBe(503);
  } finally {
    await s.close();
  }
});
