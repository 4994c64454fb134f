import fc from 'fast-check';
import type { Delivery } from '../../../src/desk/delivery.ts';
import { fitting, isMergeable, merged } from '../../../src/desk/merge.ts';
import { type Author, type Message, type Part, textOf } from '../../../src/desk/message.ts';
import { LONGEST } from '../../../src/desk/pieces.ts';
import { aDelivery } from './entries.ts';

function saying(changes: Partial<Message>): Delivery {
  const message: Message = { author: { kind: 'endUser' }, parts: [{ kind: 'text', text: 'hello' }], at: 1, ...changes };
  return aDelivery(1, { content: { type: 'message', message } });
}

const messagesOf = (deliveries: readonly Delivery[]) =>
  deliveries.flatMap(({ content }) => (content.type === 'message' ? [content.message] : []));

test('at most twenty messages share a post, and their words together fit into it', () => {
  const lengths = fc.array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: LONGEST })), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(lengths, (all) => {
      const waiting = all.map((length, at) => aDelivery(at, {}, 'あ'.repeat(length)));
      const count = fitting(waiting);
      const [first, ...others] = messagesOf(waiting.slice(0, count));
      if (!first) throw new Error('at least one goes');
      const text = textOf(merged([first, ...others]));
      expect(count).toBeLessThanOrEqual(20);
      expect(text.length).toBeLessThanOrEqual(LONGEST);
      // Nothing that had room was left out.
      const next = all[count];
      const full = count === 20 || next === undefined || text.length + 1 + next > LONGEST;
      expect(full).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('the line breaks between messages count too', () => {
  const half = 'あ'.repeat(LONGEST / 2);
  expect(fitting([aDelivery(1, {}, half), aDelivery(2, {}, half)])).toBe(1);
  expect(fitting([aDelivery(1, {}, half), aDelivery(2, {}, half.slice(1))])).toBe(2);
});

test.each<[string, Delivery]>([
  ['a reply', { ...saying({}), toward: 'endUser' }],
  ['a change of the assignee', aDelivery(1, { content: { type: 'assignee' } })],
  ['what an operator wrote elsewhere', saying({ author: { kind: 'operator' } satisfies Author })],
  ['a piece of a long text', saying({ piece: { number: 1, of: 2 } })],
  ['a picture', saying({ parts: [{ kind: 'image' }] satisfies Part[] })],
])('%s goes by itself, and nothing goes along with it', (_name, delivery) => {
  expect(isMergeable(delivery)).toBe(false);
  expect(fitting([delivery, aDelivery(2)])).toBe(1);
  expect(fitting([aDelivery(2), delivery, aDelivery(3)])).toBe(1);
});

test('each message keeps a paragraph of its own, in order', () => {
  const [first, ...others] = messagesOf([1, 2, 3].map((order) => aDelivery(order)));
  if (!first) throw new Error('there are three');
  expect(merged([first, ...others])).toEqual({
    ...first,
    parts: [1, 2, 3].map((order) => ({ kind: 'text', text: `words ${order}` })),
  });
});
