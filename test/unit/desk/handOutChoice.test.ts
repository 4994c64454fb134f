import fc from 'fast-check';
import { type Candidate, chosen } from '../../../src/desk/handOutChoice.ts';

const people = (count: number): Candidate[] =>
  Array.from({ length: count }, (_, at) => ({ id: `person-${at}`, open: 0, lastAt: 0, since: 100 + at }));

/** Hands out so many and notes each as the desk does; what nobody took is `undefined`. */
function handOut(all: Candidate[], rule: 'roundRobin' | 'leastOpen', capacity: number, times: number) {
  return Array.from({ length: times }, (_, at) => {
    const next = chosen(all, rule, capacity);
    if (next) Object.assign(next, { open: next.open + 1, lastAt: 1_000 + at });
    return next?.id;
  });
}

const rule = fc.constantFrom('roundRobin' as const, 'leastOpen' as const);

test('in turn, nobody is ever two ahead of anybody', () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 40 }), rule, (count, times, by) => {
      const all = people(count);
      handOut(all, by, 0, times);
      const open = all.map((person) => person.open);
      expect(Math.max(...open) - Math.min(...open)).toBeLessThanOrEqual(1);
    }),
  ));

test('in turn means in the same turn each round', () => {
  expect(handOut(people(3), 'roundRobin', 0, 6)).toEqual([
    'person-0',
    'person-1',
    'person-2',
    'person-0',
    'person-1',
    'person-2',
  ]);
});

test('whoever waited longest is next, however many they have; by fewest open the number decides', () => {
  const all = [
    { id: 'busy', open: 9, lastAt: 1, since: 0 },
    { id: 'idle', open: 1, lastAt: 2, since: 0 },
  ];
  expect(chosen(all, 'roundRobin', 0)?.id).toBe('busy');
  expect(chosen(all, 'leastOpen', 0)?.id).toBe('idle');
});

test('nobody is ever given more than the capacity, and nobody stays free while one waits', () =>
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 40 }),
      rule,
      (open, capacity, times, by) => {
        const all = people(open.length).map((person, at) => ({ ...person, open: open[at] ?? 0 }));
        const room = open.reduce((sum, has) => sum + Math.max(0, capacity - has), 0);
        const taken = handOut(all, by, capacity, times).filter(Boolean).length;
        expect(taken).toBe(Math.min(times, room));
        for (const [at, person] of all.entries())
          expect(person.open).toBeLessThanOrEqual(Math.max(capacity, open[at] ?? 0));
      },
    ),
  ));

test('the order in which people are read makes no difference', () =>
  fc.assert(
    fc.property(
      fc.uniqueArray(
        fc.record({
          id: fc.string(),
          open: fc.integer({ min: 0, max: 3 }),
          lastAt: fc.integer({ min: 0, max: 2 }),
          since: fc.integer({ min: 0, max: 2 }),
        }),
        { selector: ({ id }) => id },
      ),
      rule,
      (all, by) => expect(chosen(all.toReversed(), by, 2)).toEqual(chosen(all, by, 2)),
    ),
  ));
