import fc from 'fast-check';
import { arrivalOf, Sequence } from '../../../src/desk/sequence.ts';

test('numbers grow within one millisecond and when the clock is set back', () => {
  const times = fc.array(fc.integer({ min: 0, max: 4_102_444_800_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(times, (clock) => {
      let at = 0;
      const sequence = new Sequence(() => clock[at] ?? 0);
      const given = clock.map((_, index) => {
        at = index;
        return sequence.next();
      });
      expect(given.every((number, index) => index === 0 || number > (given[index - 1] ?? 0))).toBe(true);
      expect(given.every(Number.isSafeInteger)).toBe(true);
    }),
  );
});

test('what an earlier process stored stays before everything new, also when the clock went back since', () => {
  const sequence = new Sequence(() => 1_000);
  sequence.resume(9_000_000);
  expect(sequence.next()).toBe(9_000_001);
  sequence.resume(5);
  expect(sequence.next()).toBe(9_000_002);
});

test('a number tells when it was given', () => {
  const sequence = new Sequence(() => 1_767_603_600_123);
  expect(arrivalOf(sequence.next())).toBe(1_767_603_600_123);
  expect(arrivalOf(sequence.next())).toBe(1_767_603_600_123);
});
