import { request } from 'node:http';
import fc from 'fast-check';
import { picture } from '../fixtures/pictures.ts';
import { idle, roomyStand } from '../integration/moves.ts';
import { imagesOf, opened } from '../integration/pictureMoves.ts';
import { type Stand, threadOf } from '../integration/stand.ts';
import { SEED } from './mutations.ts';

const RUNS = 3_000;

describe('whatever is asked of the route of files', () => {
  let s: Stand;
  let link = new URL('http://desk/');

  beforeAll(async () => {
    s = await roomyStand();
    await s.simulator.karte.customer({ user_id: 'fuzz' }).write('', { picture: picture() }).answered;
    await idle(s);
    link = new URL(imagesOf(threadOf(s.simulator, 'fuzz')?.posts[1])[0]?.url ?? '');
  });
  afterAll(() => s.close());

  /** By hand: `fetch` would put an address in order first. */
  function ask(path: string, method = 'GET'): Promise<{ status: number; text: string; headers: object }> {
    const { hostname, port } = new URL(s.running.url);
    return new Promise((resolve, reject) => {
      const asking = request({ hostname, port, path, method }, async (answer) => {
        let text = '';
        for await (const chunk of answer) text += chunk;
        resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers });
      });
      asking.on('error', reject).end();
    });
  }

  const sign = () => link.searchParams.get('sign') ?? '';
  const changed = fc.oneof(
    // One character of a genuine link is another.
    fc.tuple(fc.nat(), fc.constantFrom(...'abcXYZ019-_%./?&=+~')).map(([at, other]) => {
      const path = `${link.pathname}${link.search}`;
      const place = 1 + (at % (path.length - 1));
      return path.slice(0, place) + other + path.slice(place + 1);
    }),
    // Its parts, put together anew.
    fc
      .record({
        id: fc.oneof(fc.constant(undefined), fc.base64String(), fc.constantFrom('..', '.', '%2e%2e', '', 'a%00b')),
        name: fc.oneof(fc.webSegment(), fc.constantFrom('..%2f..%2fetc%2fpasswd', '%', '%zz', 'a'.repeat(5_000))),
        until: fc.oneof(fc.integer().map(String), fc.constantFrom('', 'NaN', '1e99', '99999999999', '９９')),
        sign: fc.oneof(fc.base64String(), fc.constantFrom('', 'null', '='.repeat(100))),
      })
      .map(({ id, name, until, sign: made }) => {
        const query = new URLSearchParams({ until, sign: made });
        return `/files/${encodeURIComponent(id ?? link.pathname.split('/')[2] ?? '')}/${name}?${query}`;
      }),
    fc.webPath().map((path) => `/files${path}`),
  );

  test('only the genuine link is answered with the picture; everything else hears the same', async () => {
    expect((await opened(s, link.href)).status).toBe(200);
    const refusals = new Set<string>();
    await fc.assert(
      fc.asyncProperty(changed, async (path) => {
        const { status, text } = await ask(path);
        if (status === 200) expect(new URL(path, link).href).toBe(link.href);
        else {
          expect(status).toBe(404);
          refusals.add(text);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect([...refusals]).toEqual([JSON.stringify({ error: { code: 'notFound', message: 'there is nothing here' } })]);
    expect(s.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('a link to which somebody’s mail reader adds words of its own still opens, and a HEAD gives no bytes', async () => {
    const path = `${link.pathname}${link.search}`;
    expect((await ask(`${path}&utm_source=mail`)).status).toBe(200);
    const head = await ask(path, 'HEAD');
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers).toMatchObject({ 'content-length': '70', 'content-type': 'image/png' });
  });

  test('no other method is known there', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask(`${link.pathname}${link.search}`, method)).status).toBe(405);
  });

  test('a genuine link to a file that is gone hears what a forged one hears', async () => {
    const forged = await ask(`${link.pathname}${link.search.replace(sign(), 'x'.repeat(43))}`);
    const { Links } = await import('../../src/attachments/links.ts');
    const links = new Links('http://desk', [Buffer.alloc(32, 7)], Date.now);
    const gone = links.make({ id: 'gone', name: 'picture.png', until: Math.ceil(Date.now() / 1000) + 60 });
    const { status, text } = await ask(gone.replace('http://desk', ''));
    expect({ status, text }).toEqual({ status: forged.status, text: forged.text });
  });
});
