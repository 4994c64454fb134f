import fc from 'fast-check';

/** The seed of every fuzz run, printed by each: the same seed gives the same inputs. */
export const SEED = 20_261_121;

type Json = unknown;

/** Values that programs take for something else. */
const strange: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    -0,
    1e308,
    -1e-308,
    Number.MAX_SAFE_INTEGER + 2,
    '',
    ' ',
    '\u0000',
    '\ud800',
    'x\udc00y',
    '\u202e\ufeff\u2028',
    '__proto__',
    '$&$1$`',
    '{{DATE(2026-01-01)}} <at>KARTE</at>',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿'.repeat(50),
    '../../etc/passwd',
    [],
    {},
    [[]],
    { toString: 1, valueOf: 2, length: -1 },
    { constructor: { prototype: { polluted: true } } },
    { $ref: '#' },
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.double(),
  fc.jsonValue({ maxDepth: 3 }),
);

/** One change somewhere in a JSON value: another type, nothing, a strange key, a copy of something else. */
export function mutated(original: Json): fc.Arbitrary<Json> {
  const places = pathsOf(original);
  const change = fc.record({
    place: fc.constantFrom(...places),
    kind: fc.constantFrom('replace', 'remove', 'key', 'wrap', 'list', 'text'),
    value: strange,
    key: fc.constantFrom(
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      '',
      'id',
      'type',
      '\ud800',
    ),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    let result: Json = structuredClone(original);
    for (const { place, kind, value, key } of changes) result = changed(result, place, kind, value, key);
    return result;
  });
}

function changed(root: Json, place: string[], kind: string, value: Json, key: string): Json {
  const last = place.at(-1);
  const holder = place.slice(0, -1).reduce<Json>((at, step) => (isHolder(at) ? at[step] : undefined), root);
  const old = last === undefined ? root : isHolder(holder) ? holder[last] : undefined;
  const fresh =
    kind === 'wrap'
      ? { [last ?? 'x']: old }
      : kind === 'list'
        ? [old, value]
        : kind === 'text'
          ? JSON.stringify(old)
          : value;
  if (kind === 'key' && isHolder(old)) {
    Object.defineProperty(old, key, { value, enumerable: true, configurable: true, writable: true });
    return root;
  }
  if (last === undefined) return kind === 'remove' ? undefined : fresh;
  if (!isHolder(holder)) return root;
  if (kind === 'remove') delete holder[last];
  else holder[last] = fresh;
  return root;
}

/** Damage to the bytes of a body: cut, flipped, doubled, invalid UTF-8. */
export function damaged(original: Buffer): fc.Arbitrary<Buffer> {
  const at = fc.nat(original.length - 1);
  return fc.oneof(
    at.map((end) => original.subarray(0, end)),
    fc.tuple(at, fc.integer({ min: 0, max: 255 })).map(([place, byte]) => {
      const copy = Buffer.from(original);
      copy[place] = byte;
      return copy;
    }),
    fc
      .tuple(at, fc.uint8Array({ minLength: 1, maxLength: 12 }))
      .map(([place, bytes]) => Buffer.concat([original.subarray(0, place), bytes, original.subarray(place)])),
    fc.tuple(at, at).map(([from, to]) => Buffer.concat([original.subarray(0, from), original.subarray(to)])),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  );
}

/** Bodies that are hard for their size alone, around a frame `{…, "extra": <here>}` that a parser reads first. */
export function heavy(frame: (extra: string) => string): fc.Arbitrary<Buffer> {
  const edge = 1024 * 1024;
  const empty = Buffer.byteLength(frame('""'));
  return fc
    .constantFrom<() => string>(
      () => frame(`${'['.repeat(10_000)}${']'.repeat(10_000)}`),
      () => frame(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`),
      () => frame('9'.repeat(5_000)),
      () => frame('1e99999'),
      () => frame(`"${'\\ud800'.repeat(2_000)}"`),
      () => frame('{"a":1,"a":2,"__proto__":{"a":3}}'),
      () => frame(`{${Array.from({ length: 3_000 }, (_, at) => `"k${at}":${at}`).join(',')}}`),
      () => frame(`"${'x'.repeat(edge - empty)}"`),
      () => frame(`"${'x'.repeat(edge - empty + 1)}"`),
    )
    .map((make) => Buffer.from(make()));
}

function pathsOf(value: Json, path: string[] = []): string[][] {
  if (!isHolder(value)) return [path];
  return [path, ...Object.keys(value).flatMap((key) => pathsOf(value[key], [...path, key]))];
}

function isHolder(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null;
}
