import { isBehind, revised } from '../../../src/desk/revision.ts';
import { aDelivery } from './entries.ts';

const person = { id: 'sato', name: '佐藤' };
const source = { threadId: 'thread', activityId: '1', person };

/** A reply with so many pictures, waiting unless it was delivered. */
function replyOf(text: string, pictures: number, state: 'open' | 'delivered' = 'open') {
  const images = Array.from({ length: pictures }, (_, n) => ({ kind: 'image' as const, url: `https://a.test/${n}` }));
  const message = { author: { kind: 'operator' as const }, parts: [{ kind: 'text' as const, text }, ...images], at: 1 };
  return aDelivery(1, { toward: 'endUser', state, content: { type: 'message', message, source } });
}

const pictures = (count: number) => Array.from({ length: count }, (_, n) => ({ url: `https://b.test/${n}` }));
const imagesIn = ({ content }: ReturnType<typeof replyOf>) =>
  content.type === 'message' ? content.message.parts.flatMap((part) => (part.kind === 'image' ? [part.url] : [])) : [];

describe('an edit', () => {
  test('that takes one of two pictures away takes it out of a reply that waits', () => {
    const changed = revised(replyOf('見てください', 2), { at: 2, text: '見てください', pictures: pictures(1) });
    expect(imagesIn(changed)).toEqual(['https://b.test/0']);
  });

  test('that takes a picture away after delivery leaves the customer with more than the message has', () => {
    const changed = revised(replyOf('見てください', 2, 'delivered'), {
      at: 2,
      text: '見てください',
      typed: '見てください',
      pictures: pictures(1),
    });
    expect(isBehind(changed)).toBe(true);
    expect(imagesIn(changed)).toHaveLength(2);
  });

  test.each([
    ['brings as many pictures under other addresses', pictures(2)],
    ['says nothing about pictures', undefined],
  ])('that %s changes none of them', (_name, there) => {
    const reply = replyOf('見てください', 2);
    expect(revised(reply, { at: 2, text: '見てください', pictures: there })).toBe(reply);
    const changed = revised(reply, { at: 2, text: 'ご覧ください', pictures: there });
    expect(imagesIn(changed)).toHaveLength(2);
  });
});
