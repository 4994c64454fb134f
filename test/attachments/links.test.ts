import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Links } from '../../src/attachments/links.ts';

const [one, two, three] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const NOW = 1_900_000_000_000;
const linked = { id: 'a'.repeat(32), name: 'picture.png', until: NOW / 1000 + 60 };
const base = 'https://desk.example.test';

let now = NOW;
const links = (...secrets: Buffer[]) => new Links(base, secrets, () => now);
const pathOf = (link: string) => link.slice(base.length);

beforeEach(() => {
  now = NOW;
});

test('a link leads to what it was made for, until its end and not a moment longer', () => {
  const path = pathOf(links(one).make(linked));
  expect(links(one).read(path)).toEqual(linked);
  now = linked.until * 1000 - 1;
  expect(links(one).read(path)).toEqual(linked);
  now += 1;
  expect(links(one).read(path)).toBeUndefined();
});

test('the same link is made every time', () => {
  expect(links(one).make(linked)).toBe(links(one).make(linked));
});

test('after a change of keys old links open until the old key is taken out', () => {
  const path = pathOf(links(one).make(linked));
  expect(links(two, one).read(path)).toEqual(linked);
  expect(pathOf(links(two, one).make(linked))).not.toBe(path);
  expect(links(two, three).read(path)).toBeUndefined();
});

test.each([
  ['another id', { id: 'b'.repeat(32) }],
  ['another name', { name: 'picture.html' }],
  ['a later end', { until: linked.until + 1 }],
])('what was signed for one link is worth nothing for %s', (_, change) => {
  const sign = new URL(links(one).make(linked)).searchParams.get('sign');
  const other = new URL(links(one).make({ ...linked, ...change }));
  other.searchParams.set('sign', sign ?? '');
  expect(links(one).read(pathOf(other.href))).toBeUndefined();
});

test('no changed character of a link is taken', () => {
  const path = pathOf(links(one).make(linked));
  const end = path.length - 1;
  fc.assert(
    fc.property(fc.nat(end - 1), fc.string({ minLength: 1, maxLength: 1, unit: 'binary-ascii' }), (at, sign) => {
      const changed = path.slice(0, at) + sign + path.slice(at + 1);
      const read = links(one).read(changed);
      // What the reader of addresses passes over (a tab, `\` for `/`) leaves the link what it was.
      if (read) expect(new URL(changed, base).href).toBe(new URL(path, base).href);
    }),
    { numRuns: 2_000 },
  );
});

test('nothing that is made up is taken, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.webPath(), fc.string(), fc.webUrl()), fc.string(), fc.string(), (path, until, sign) => {
      expect(links(one).read(path)).toBeUndefined();
      const query = new URLSearchParams({ until, sign });
      expect(links(one).read(`/files/${linked.id}/picture.png?${query}`)).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
});
