import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createSealer, parseSecretsKey } from '../../src/store/sealing.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const cannotOpen = expect.objectContaining({
  name: 'DeskError',
  code: 'secrets.cannotOpen',
  values: {},
  cause: undefined,
});

describe('a sealed secret', () => {
  test('opens again, whatever it was', () => {
    fc.assert(
      fc.property(key, text, text, (one, plain, context) => {
        const sealer = createSealer([one]);
        expect(sealer.open(sealer.seal(plain, context), context)).toBe(plain);
      }),
    );
  });

  test('does not open in another record', () => {
    fc.assert(
      fc.property(key, text, text, text, (one, plain, context, elsewhere) => {
        fc.pre(context !== elsewhere);
        const sealer = createSealer([one]);
        const sealed = sealer.seal(plain, context);
        expect(() => sealer.open(sealed, elsewhere)).toThrow(cannotOpen);
      }),
    );
  });

  test('does not open when any one of its characters is another, is missing or is one too many', () => {
    const sealer = createSealer([randomBytes(32)]);
    const sealed = sealer.seal('test-secret', 'connection');
    const place = fc.nat(sealed.length - 1);
    const sign = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ 窓');
    fc.assert(
      fc.property(place, sign, (at, put) => {
        const [before, after] = [sealed.slice(0, at), sealed.slice(at + 1)];
        const changed = [before + put + after, before + after, before + put + sealed.slice(at)];
        for (const other of changed.filter((each) => each !== sealed)) {
          expect(() => sealer.open(other, 'connection')).toThrow(cannotOpen);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('is refused when it is no sealed secret at all', () => {
    const sealer = createSealer([randomBytes(32)]);
    fc.assert(fc.property(fc.string(), (any) => expect(() => sealer.open(any, '')).toThrow(cannotOpen)));
    for (const nothing of ['', 'v1', 'v1...', 'v2.a.b.c']) expect(() => sealer.open(nothing, '')).toThrow(cannotOpen);
  });

  test('is never the same twice and shows nothing of what is in it', () => {
    const sealer = createSealer([randomBytes(32)]);
    const [one, other] = [sealer.seal('test-secret', 'c'), sealer.seal('test-secret', 'c')];
    expect(one).not.toBe(other);
    expect(one).toMatch(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+$/);
    expect(one).not.toContain('test-secret');
  });
});

describe('when keys are rotated', () => {
  const [old, fresh] = [randomBytes(32), randomBytes(32)];

  test('the first seals and all open', () => {
    const sealedBefore = createSealer([old]).seal('test-secret', 'c');
    const rotated = createSealer([fresh, old]);
    expect(rotated.open(sealedBefore, 'c')).toBe('test-secret');
    expect(createSealer([fresh]).open(rotated.seal('test-secret', 'c'), 'c')).toBe('test-secret');
  });

  test('a key that was taken away opens nothing', () => {
    const sealed = createSealer([old]).seal('test-secret', 'c');
    expect(() => createSealer([fresh]).open(sealed, 'c')).toThrow(cannotOpen);
  });

  test('a sealer without a key is not made', () => {
    expect(() => createSealer([])).toThrow(TypeError);
  });
});

describe('SECRETS_KEY', () => {
  const [one, other] = [randomBytes(32), randomBytes(32)];

  test('is one key or several, the first first', () => {
    expect(parseSecretsKey(one.toString('base64'))).toEqual([one]);
    expect(parseSecretsKey(` ${one.toString('base64')} , ${other.toString('base64url')}`)).toEqual([one, other]);
  });

  test.each([
    ['', 'key 1 must be 32 bytes in base64 (it has 0)'],
    [`${one.toString('base64')},`, 'key 2 must be 32 bytes in base64 (it has 0)'],
    [randomBytes(16).toString('base64'), 'key 1 must be 32 bytes in base64 (it has 16)'],
    [one.toString('hex'), 'key 1 must be 32 bytes in base64 (it has 48)'],
    ['(test-key)', 'key 1 is not base64'],
    [`short,${one.toString('base64')},!`, 'key 1 must be 32 bytes in base64 (it has 3); key 3 is not base64'],
    [`${one.toString('base64')},${one.toString('base64')}`, 'key 2 is the same as key 1'],
  ])('of %j is refused with a sentence that names no key', (setting, sentence) => {
    expect(() => parseSecretsKey(setting)).toThrow(new Error(sentence));
  });
});
