import fc from 'fast-check';
import { messageIn, partsOf } from '../../../src/channels/line/content.ts';
import { type LineMessage, readHook } from '../../../src/channels/line/hook.ts';

const USER = `U${'0'.repeat(32)}`;
const shared = (at: number, more: object = {}) => ({
  mode: 'active',
  timestamp: at,
  webhookEventId: `01EVENT${at}`,
  deliveryContext: { isRedelivery: false },
  source: { type: 'user', userId: USER },
  ...more,
});
const hookOf = (...events: object[]) => ({ destination: 'U1', events });
const happenings = (...events: object[]) => readHook(hookOf(...events))?.events.map(({ happening }) => happening);
const parts = (message: object) => partsOf({ id: '7', ...message } as LineMessage);

describe('a hook of LINE', () => {
  test('may be empty: this is how its console verifies an address', () => {
    expect(readHook(hookOf())).toEqual({ destination: 'U1', events: [], odd: 0 });
  });

  test('is read in the order in which things happened', () => {
    const text = (at: number) => ({ ...shared(at), type: 'message', message: { id: `${at}`, type: 'text', text: '' } });
    expect(readHook(hookOf(text(3), text(1), text(2)))?.events.map(({ at }) => at)).toEqual([1, 2, 3]);
  });

  test('tells what happened', () => {
    expect(
      happenings(
        { ...shared(1), type: 'unsend', unsend: { messageId: '5' } },
        { ...shared(2), type: 'follow', follow: { isUnblocked: true } },
        { ...shared(3), type: 'unfollow' },
        { ...shared(4), type: 'postback', postback: { data: 'a=1' } },
        { ...shared(5), type: 'somethingNew' },
      ),
    ).toEqual([
      { kind: 'unsend', messageId: '5' },
      { kind: 'following', follows: true },
      { kind: 'following', follows: false },
      { kind: 'postback', data: 'a=1' },
      { kind: 'other', name: 'somethingNew' },
    ]);
  });

  test.each([
    ['a group', { source: { type: 'group', groupId: 'C1', userId: USER } }],
    ['a room', { source: { type: 'room', roomId: 'R1', userId: USER } }],
    ['somebody who did not agree to be named', { source: { type: 'user' } }],
    ['nobody in particular', { source: undefined }],
  ])('has no customer where it comes from %s', (_name, more) => {
    expect(readHook(hookOf({ ...shared(1, more), type: 'follow' }))?.events[0]?.userId).toBeUndefined();
  });

  test('is the same when it is delivered once more, and says when another program is talking', () => {
    const event = { ...shared(1), type: 'follow', mode: 'standby', deliveryContext: { isRedelivery: true } };
    expect(readHook(hookOf(event))?.events[0]).toMatchObject({ standby: true });
  });

  test.each([
    ['no events', { destination: 'U1' }],
    ['no destination', { events: [] }],
    ['an event that is none', hookOf('x' as unknown as object)],
    ['an event without an id', hookOf({ ...shared(1), webhookEventId: undefined, type: 'follow' })],
    ['a message without an id', hookOf({ ...shared(1), type: 'message', message: { type: 'text', text: 'a' } })],
    ['an unsend of nothing', hookOf({ ...shared(1), type: 'unsend' })],
    ['a list', []],
    ['null', null],
  ])('with %s does not have the documented shape', (_name, body) => {
    expect(readHook(body)).toBeUndefined();
  });

  test('loses nobody’s words to an odd event beside them', () => {
    const text = { ...shared(1), type: 'message', message: { id: '1', type: 'text', text: 'はい' } };
    const read = readHook(hookOf({ ...shared(2), webhookEventId: 7, type: 'follow' }, text));
    expect(read).toMatchObject({ odd: 1, events: [{ happening: { kind: 'message' } }] });
  });

  test.each(['x'.repeat(3_000), '', 7])('reads a message whose mark can’t be kept (%#)', (markAsReadToken) => {
    const message = { id: '1', type: 'text', text: 'はい', markAsReadToken };
    const [happening] = happenings({ ...shared(1), type: 'message', message }) ?? [];
    expect(happening).toMatchObject({ kind: 'message', message: { id: '1', markAsReadToken: undefined } });
  });

  test('of whatever JSON throws nothing', () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => void readHook(body)));
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (message, source) => {
        readHook(hookOf({ ...shared(1), type: 'message', message, source }));
      }),
    );
  });
});

describe('a message of LINE', () => {
  test.each<[string, object, object]>([
    ['text', { type: 'text', text: 'はい(hello)' }, { kind: 'text', text: 'はい(hello)' }],
    ['picture', { type: 'image', contentProvider: { type: 'line' } }, { kind: 'image', url: 'line:7' }],
    [
      'picture of somebody else’s',
      { type: 'image', contentProvider: { type: 'external', originalContentUrl: 'https://a.test/1.png' } },
      { kind: 'image', url: 'https://a.test/1.png' },
    ],
    ['voice', { type: 'audio', duration: 1200 }, { kind: 'audio', url: 'line:7', duration: 1200 }],
    ['video', { type: 'video', duration: 900 }, { kind: 'video', url: 'line:7', duration: 900 }],
    [
      'file',
      { type: 'file', fileName: '見積.pdf', fileSize: 12 },
      { kind: 'file', url: 'line:7', name: '見積.pdf', bytes: 12 },
    ],
    [
      'place',
      { type: 'location', latitude: 35.6, longitude: 139.7, title: '本社', address: '東京都' },
      { kind: 'location', latitude: 35.6, longitude: 139.7, label: '本社 東京都' },
    ],
    [
      'place without a name',
      { type: 'location', latitude: 1, longitude: 2 },
      { kind: 'location', latitude: 1, longitude: 2 },
    ],
    [
      'sticker by its keywords',
      { type: 'sticker', packageId: '1', stickerId: '2', keywords: ['ありがとう', '笑顔', 'うさぎ', 'x'] },
      { kind: 'sticker', id: '1/2', label: 'ありがとう、笑顔、うさぎ' },
    ],
    [
      'sticker by its words',
      { type: 'sticker', packageId: '1', stickerId: '2', text: '了解', keywords: ['a'] },
      { kind: 'sticker', id: '1/2', label: '了解' },
    ],
    ['kind that is not known', { type: 'hologram' }, { kind: 'file' }],
    ['place that is nowhere', { type: 'location', latitude: 400, longitude: 2 }, { kind: 'file' }],
  ])('with a %s', (_name, message, part) => {
    expect(parts(message)).toEqual([part]);
  });

  test.each(['http://a.test/1.png', 'file:///etc/passwd', 'https://', 7])('never leads to %j', (originalContentUrl) => {
    const [part] = parts({ type: 'image', contentProvider: { type: 'external', originalContentUrl } });
    expect(part).toEqual({ kind: 'image', url: 'line:7' });
  });

  test('is fetched by the id in its address', () => {
    expect(messageIn('line:7')).toBe('7');
    expect(messageIn('https://a.test')).toBeUndefined();
  });
});
