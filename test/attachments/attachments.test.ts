import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { Attachments } from '../../src/attachments/attachments.ts';
import { FolderStorage } from '../../src/attachments/folder.ts';
import { Links } from '../../src/attachments/links.ts';
import type { Storage } from '../../src/attachments/storage.ts';
import type { KeptPicture, PictureWish } from '../../src/desk/pictures.ts';
import type { FetchedFile } from '../../src/desk/ports.ts';
import type { Connection, DeskSettings } from '../../src/desk/settings.ts';
import { bytesOf } from '../fixtures/pictures.ts';
import { longestPause } from './pause.ts';

const MB = 1024 * 1024;
/** For how long nothing else may be held up (ms). */
const SHORT = 250;
const DESK = { id: 'desk', locale: 'ja' } as unknown as DeskSettings;
const CONNECTION = { id: 'connection', channel: 'line' } as Connection;
/** As LINE takes pictures. */
const FORM = { types: ['image/jpeg', 'image/png'], most: 10 * MB, previewMost: MB };
const MP4 = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42', 'latin1'), Buffer.alloc(100)]);

let storage: Storage;
let asked: { url: string; most: number; patience: number; connection: string }[];
let answer: (url: string) => Promise<FetchedFile>;
let lines: string[];
let count = 0;

beforeEach(() => {
  storage = new FolderStorage();
  asked = [];
  lines = [];
  answer = async () => ({ kind: 'bytes', bytes: MP4 });
});
afterEach(() => storage.close?.());

function attachments(fileLimit = 25 * MB): Attachments {
  const note = (_fields: object, line: string) => void lines.push(line);
  return new Attachments({
    storage,
    links: new Links('https://desk.example.test', [Buffer.alloc(32, 7)], Date.now),
    channels: new Map([
      [
        'line',
        {
          fetchFile: ({ id }: Connection, url: string, limits: { most: number; patience: number }) => {
            asked.push({ url, ...limits, connection: id });
            return answer(url);
          },
        },
      ],
      ['karte', {}],
    ]),
    teams: { fetch: (url) => answer(url) },
    fileLimit,
    locale: 'ja',
    log: { info: note, warn: note, error: note },
  });
}

function wish(more: Partial<PictureWish> = {}): PictureWish {
  count += 1;
  const expiresAt = Date.now() + 24 * 60 * 60_000;
  return { id: `wish-${count}`, kind: 'video', connection: CONNECTION, desk: DESK, url: 'line:1', expiresAt, ...more };
}

const kept = async (answered: Promise<unknown>) => (await answered) as KeptPicture;
const refused = (code: string) => ({ kind: 'refused', code, transient: false });

describe('a file of a channel', () => {
  test('is asked for by its connection within its limits, once, and told by its bytes', async () => {
    const here = attachments(7 * MB);
    const video = wish();
    const first = await kept(here.keep(video, 20_000));
    expect(first).toMatchObject({ kind: 'kept', name: 'video.mp4', type: 'video/mp4', bytes: MP4.length });
    expect(first.url).toMatch(/^https:\/\/desk\.example\.test\/files\/wish-\d+\/video\.mp4\?until=\d+&sign=/);
    expect(await here.keep(video, 20_000)).toEqual(first);
    expect(asked).toEqual([{ url: 'line:1', most: 7 * MB, patience: 20_000, connection: 'connection' }]);
  });

  test.each([
    ['見積 v2.xlsx', 'PK\x03\x04', '見積 v2.xlsx', 'file.xlsx', 'application/octet-stream'],
    ['report.pdf.exe', '%PDF-1.7', 'report.pdf.pdf', 'report.pdf.pdf', 'application/pdf'],
    ['../../etc/passwd', 'root', 'etcpasswd', 'etcpasswd', 'application/octet-stream'],
    ['a\u202Efdp.exe', 'MZ', 'afdp.exe', 'afdp.exe', 'application/octet-stream'],
    ['page.html', '<script>', 'page.html', 'page.html', 'application/octet-stream'],
    [undefined, 'words', 'file', 'file', 'application/octet-stream'],
  ])('called %j is saved as what it is', async (name, bytes, savedAs, linkedAs, type) => {
    answer = async () => ({ kind: 'bytes', bytes: Buffer.from(bytes, 'latin1') });
    const file = await kept(attachments().keep(wish({ kind: 'file', name }), 1_000));
    expect(file).toMatchObject({ name: savedAs, type });
    expect(file.url).toContain(`/${linkedAs}?`);
  });

  test('that says itself that it is too large is not asked for', async () => {
    expect(await attachments().keep(wish({ bytes: 25 * MB + 1 }), 1_000)).toEqual(refused('picture.tooLarge'));
    expect(asked).toEqual([]);
    expect(lines).toEqual(['a file could not be had']);
  });

  test('is not to be had from a channel that has none, and one that is no picture is none where a picture was sent', async () => {
    const elsewhere = { ...CONNECTION, channel: 'karte' };
    expect(await attachments().keep(wish({ connection: elsewhere }), 1_000)).toEqual(refused('picture.foreignHost'));
    expect(await attachments().keep(wish({ kind: 'image' }), 1_000)).toEqual(refused('picture.notPicture'));
  });

  test('waits for others of its size, so that the memory holds them; pictures do not wait for files', async () => {
    const here = attachments(60 * MB);
    const holds: (() => void)[] = [];
    answer = (url) =>
      url === 'line:picture'
        ? Promise.resolve({ kind: 'bytes', bytes: bytesOf('png') })
        : new Promise((resolve) => holds.push(() => resolve({ kind: 'bytes', bytes: MP4 })));
    const three = Array.from({ length: 3 }, () => here.keep(wish(), 1_000));
    expect(await here.keep(wish({ kind: 'image', url: 'line:picture' }), 1_000)).toMatchObject({ kind: 'kept' });
    expect(asked.map(({ url }) => url)).toEqual(['line:1', 'line:1', 'line:picture']);
    holds.shift()?.();
    await three[0];
    holds.shift()?.();
    await three[1];
    holds.shift()?.();
    expect(await three[2]).toMatchObject({ kind: 'kept' });
  });

  test('of the largest size holds nothing else up', async () => {
    const bytes = randomBytes(25 * MB);
    answer = async () => ({ kind: 'bytes', bytes });
    const { longest, result } = await longestPause(
      () => kept(attachments().keep(wish({ kind: 'file' }), 1_000)),
      SHORT,
    );
    expect(result.bytes).toBe(25 * MB);
    expect(longest).toBeLessThan(SHORT);
  });
});

describe('a picture for a channel that takes some', () => {
  const outward = (more: Partial<PictureWish> = {}) =>
    wish({ kind: 'image', connection: undefined, url: 'https://teams', form: FORM, ...more });

  test('goes as it is where it fits', async () => {
    answer = async () => ({ kind: 'bytes', bytes: bytesOf('png') });
    const { url, previewUrl, type } = await kept(attachments().keep(outward(), 1_000));
    expect([type, previewUrl]).toEqual(['image/png', undefined]);
    expect(url).not.toContain('-form');
  });

  test('is drawn anew once where it does not, also when somebody asks again', async () => {
    answer = async () => ({ kind: 'bytes', bytes: bytesOf('webp') });
    const asking = outward({ name: '写真.webp' });
    const here = attachments();
    const first = await kept(here.keep(asking, 1_000));
    expect(first).toMatchObject({ type: 'image/jpeg', name: '写真.jpg' });
    expect(first.url).toMatch(/-form\/picture\.jpg\?/);
    answer = () => Promise.reject(new Error('it is here already'));
    expect(await attachments().keep(asking, 1_000)).toEqual(first);
  });

  test('has a preview where it is large', async () => {
    const noise = sharp(randomBytes(900 * 900 * 3), { raw: { width: 900, height: 900, channels: 3 } });
    const bytes = await noise.png().toBuffer();
    answer = async () => ({ kind: 'bytes', bytes });
    const asking = outward();
    const large = await kept(attachments().keep(asking, 1_000));
    expect(large).toMatchObject({ type: 'image/png', bytes: bytes.length });
    expect(large.previewUrl).toMatch(/-preview\/picture\.jpg\?/);
    const preview = await storage.find({ id: `${asking.id}-preview`, until: Math.ceil(asking.expiresAt / 1_000) });
    expect(preview?.bytes).toBeLessThanOrEqual(MB);
  });

  test('that can’t be drawn is kept as it is, and said to be unfit', async () => {
    answer = async () => ({ kind: 'bytes', bytes: bytesOf('webp').subarray(0, 20) });
    expect(await attachments().keep(outward(), 1_000)).toMatchObject({ kind: 'kept', type: 'image/webp', unfit: true });
    expect(lines).toEqual(['a picture could not be drawn anew']);
  });
});

describe('what is taken back', () => {
  const isThere = async ({ id, expiresAt }: PictureWish) =>
    (
      await Promise.all(
        ['', '-form', '-preview'].map((ending) =>
          storage.find({ id: `${id}${ending}`, until: Math.ceil(expiresAt / 1_000) }),
        ),
      )
    ).filter(Boolean).length;

  test('goes with every form of it, and can go again', async () => {
    answer = async () => ({ kind: 'bytes', bytes: bytesOf('webp') });
    const asking = wish({ kind: 'image', form: FORM });
    await attachments().keep(asking, 1_000);
    expect(await isThere(asking)).toBe(2);
    for (let time = 0; time < 2; time++) expect(await attachments().purge(asking)).toEqual({ kind: 'delivered' });
    expect(await isThere(asking)).toBe(0);
  });

  test('does not come back from a fetch that nobody waits for any more', async () => {
    let arrive: (() => void) | undefined;
    answer = () =>
      new Promise((resolve) => {
        arrive = () => resolve({ kind: 'bytes', bytes: MP4 });
      });
    const here = attachments();
    const asking = wish();
    const keeping = here.keep(asking, 1_000);
    await new Promise(setImmediate);
    while (asked.length === 0) await new Promise(setImmediate);
    const purging = here.purge(asking);
    arrive?.();
    expect([await purging, (await keeping).kind]).toEqual([{ kind: 'delivered' }, 'kept']);
    expect(await isThere(asking)).toBe(0);
  });

  test('is tried again where it could not be removed', async () => {
    storage.remove = () => Promise.reject(new Error('the test took it away'));
    expect(await attachments().purge(wish())).toMatchObject({ kind: 'refused', transient: true });
    expect(lines).toEqual(['a file could not be removed']);
  });
});
