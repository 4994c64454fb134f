import fc from 'fast-check';
import { type Entry, isLate, Stream } from '../../../src/desk/stream.ts';
import { aDelivery, anEntry } from './entries.ts';

const late = () => true;
const inTime = () => false;

function streamOf(...entries: Entry[]): Stream {
  const stream = new Stream();
  for (const entry of entries) stream.place(entry);
  return stream;
}

const orders = (entries: readonly Entry[]) => entries.map(({ delivery }) => delivery.order);

test('each has its place by its order, but never before what is being sent', () => {
  const steps = fc.array(fc.record({ order: fc.integer({ min: 1, max: 30 }), busy: fc.integer({ min: 0, max: 3 }) }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const stream = new Stream();
      for (const { order, busy } of all) {
        stream.busy = Math.min(busy, stream.entries.length);
        const sent = stream.entries.slice(0, stream.busy);
        const behind = stream.entries.slice(stream.busy);
        const entry = anEntry(aDelivery(order));
        stream.place(entry);
        expect(stream.entries.slice(0, stream.busy)).toEqual(sent);
        // Behind it, nobody has overtaken anybody who came earlier.
        const at = stream.entries.indexOf(entry);
        const before = stream.entries.slice(stream.busy, at);
        expect([...before, ...stream.entries.slice(at + 1)]).toEqual(behind);
        const last = before.at(-1);
        expect(last === undefined || last.delivery.order <= order).toBe(true);
        expect(orders(stream.entries.slice(at + 1, at + 2)).every((next) => next > order)).toBe(true);
      }
    }),
  );
});

test('whoever is taken out of what is being sent leaves the others being sent', () => {
  const [a, b, c] = [anEntry(aDelivery(1)), anEntry(aDelivery(2)), anEntry(aDelivery(3))];
  const stream = streamOf(a, b, c);
  stream.busy = 2;
  stream.remove(b);
  expect([orders(stream.entries), stream.busy]).toEqual([[1, 3], 1]);
  stream.remove(c);
  stream.remove(c);
  expect([orders(stream.entries), stream.busy]).toEqual([[1], 1]);
});

/** What may go at this time. */
const by =
  (time: number) =>
  ({ dueAt }: Entry) =>
    dueAt <= time;

describe('what shares a post', () => {
  test('is one message as long as the queue is in time, and all that wait once it is late', () => {
    const stream = streamOf(...[1, 2, 3].map((order) => anEntry(aDelivery(order))));
    expect(orders(stream.group(by(0), inTime))).toEqual([1]);
    expect(orders(stream.group(by(0), late))).toEqual([1, 2, 3]);
  });

  test('is never nothing, also when the first goes out before its time', () => {
    const stream = streamOf(anEntry(aDelivery(1), { dueAt: 90, hurried: true }), anEntry(aDelivery(2)));
    expect(orders(stream.group(by(5), late))).toEqual([1, 2]);
  });

  test.each<[string, Partial<Entry>]>([
    ['is not stored yet', { kept: undefined }],
    ['was refused with others before', { alone: true }],
    ['is not to be tried yet', { dueAt: 6 }],
    ['may have been posted by an earlier driver', { inherited: true }],
    ['may have been posted before', { kept: { value: aDelivery(2, { repeat: true }), version: '1' } }],
  ])('ends before one that %s', (_name, changes) => {
    const stream = streamOf(anEntry(aDelivery(1)), anEntry(aDelivery(2), changes), anEntry(aDelivery(3)));
    expect(orders(stream.group(by(5), late))).toEqual([1]);
  });

  test('is the first alone when that was refused with others before', () => {
    expect(orders(streamOf(anEntry(aDelivery(1), { alone: true }), anEntry(aDelivery(2))).group(by(0), late))).toEqual([
      1,
    ]);
  });

  test('is, for a repeat, what was in that post, and no word more', () => {
    const repeated = anEntry(aDelivery(1, { repeat: true, together: ['d1', 'd2'] }));
    const stream = streamOf(repeated, ...[2, 3].map((order) => anEntry(aDelivery(order))));
    expect(orders(stream.group(by(0), late))).toEqual([1, 2]);
    expect(orders(stream.group(by(0), inTime))).toEqual([1, 2]);
  });

  test('is, for what an earlier driver may have sent, what that one noted', () => {
    const alone = anEntry(aDelivery(1), { inherited: true });
    expect(orders(streamOf(alone, anEntry(aDelivery(2))).group(by(0), late))).toEqual([1]);
    const noted = anEntry(aDelivery(1, { together: ['d1', 'd3'] }), { inherited: true });
    expect(orders(streamOf(noted, anEntry(aDelivery(3)), anEntry(aDelivery(4))).group(by(0), late))).toEqual([1, 3]);
  });

  test('ends before who came in between since a post that is repeated', () => {
    const repeated = anEntry(aDelivery(1, { repeat: true, together: ['d1', 'd3'] }));
    const stream = streamOf(repeated, anEntry(aDelivery(2)), anEntry(aDelivery(3)));
    expect(orders(stream.group(by(0), late))).toEqual([1]);
  });
});

test('words, replies and notices of one conversation have a stream each', () => {
  const failure = { kind: 'unknown', code: 'channel.unavailable' } as const;
  const { content } = aDelivery(1);
  if (content.type !== 'message') throw new Error('it is a message');
  const notice = { type: 'failure', deliveryId: 'd1', failure, message: content.message, toward: 'endUser' } as const;
  const names = [
    Stream.of(aDelivery(1)),
    Stream.of(aDelivery(2, { toward: 'endUser' })),
    Stream.of(aDelivery(3, { content: notice })),
    Stream.of(aDelivery(4, { conversationId: 'other' })),
  ];
  expect(new Set(names).size).toBe(4);
  expect(Stream.of(aDelivery(5))).toBe(names[0]);
});

test('a message is late after two seconds', () => {
  expect(isLate(aDelivery(1, { createdAt: 1_000 }), 2_999)).toBe(false);
  expect(isLate(aDelivery(1, { createdAt: 1_000 }), 3_000)).toBe(true);
});
