import type { Delivery } from '../../../src/desk/delivery.ts';
import type { Message, Part } from '../../../src/desk/message.ts';
import type { Failure, Outcome } from '../../../src/desk/outcome.ts';
import {
  degraded,
  type KeptKey,
  type KeptPicture,
  Pictures,
  type PicturesPort,
  type PictureWish,
} from '../../../src/desk/pictures.ts';
import type { Capabilities, ChannelPort } from '../../../src/desk/ports.ts';
import type { Connection, DeskSettings } from '../../../src/desk/settings.ts';
import { Time } from './time.ts';

const DESK = { id: 'desk' } as DeskSettings;
const CONNECTION = { id: 'connection', channel: 'line' } as Connection;
const FORM = { types: ['image/png'], most: 1_000 };
const CANNOT: Failure = { kind: 'refused', code: 'picture.unavailable', transient: true };

const line = { name: 'line', fetchFile: async () => CANNOT } as unknown as ChannelPort;

let time: Time;
let wishes: (PictureWish & { patience: number })[];
let purged: KeptKey[];
let answer: (wish: PictureWish) => Promise<KeptPicture | Failure>;
let purging: Outcome;

beforeEach(() => {
  time = new Time();
  [wishes, purged] = [[], []];
  purging = { kind: 'delivered' };
  answer = async ({ url, name = 'made up.png' }) => ({
    kind: 'kept',
    url: `https://ours/${url}`,
    name,
    type: 'image/png',
    bytes: 7,
  });
});

function pictures(): Pictures {
  const port: PicturesPort = {
    keep: (wish, patience) => {
      wishes.push({ ...wish, patience });
      return answer(wish);
    },
    purge: async (key) => {
      purged.push(key);
      return purging;
    },
    line: ({ url }) => `picture: ${url}`,
  };
  return new Pictures(port, time.env(), { fetch: 9_000, retention: 1_000_000 });
}

function deliveryOf(...parts: Part[]): Delivery {
  const message: Message = { author: { kind: 'endUser' }, parts, at: 0 };
  return {
    id: 'delivery',
    lane: 'room',
    conversationId: 'conversation',
    order: 1,
    toward: 'teams',
    content: { type: 'message', message },
    state: 'open',
    attempts: 0,
    createdAt: 5,
    expiresAt: 77,
  };
}

const partsOf = ({ content }: Delivery) => (content.type === 'message' ? content.message.parts : []);
const inward = (delivery: Delivery, channel = line) => pictures().inward(delivery, DESK, channel, CONNECTION);

describe('a customer’s message', () => {
  test('has its pictures, and the files that only the channel can open, kept here; all else stays as it is', async () => {
    const others: Part[] = [
      { kind: 'text', text: 'words' },
      { kind: 'file', url: 'https://there/a.pdf' },
      { kind: 'file', url: 'http://there/a.pdf' },
      { kind: 'file', name: 'unknown' },
      { kind: 'sticker', id: '1' },
    ];
    const shown = await inward(
      deliveryOf(
        { kind: 'image', url: 'https://there/a.png' },
        { kind: 'video', url: 'line:1', duration: 3_000 },
        ...others,
      ),
    );
    expect(partsOf(shown)).toEqual([
      { kind: 'image', url: 'https://ours/https://there/a.png', name: 'made up.png', bytes: 7, kept: true },
      { kind: 'video', url: 'https://ours/line:1', duration: 3_000, bytes: 7, kept: true },
      ...others,
    ]);
    expect(wishes.map(({ kind, connection, expiresAt, patience }) => [kind, connection, expiresAt, patience])).toEqual([
      ['image', CONNECTION, 77, 5_000],
      ['video', CONNECTION, 77, 20_000],
    ]);
  });

  test('waits longer for a file than for a picture, and for neither without end', async () => {
    answer = () => new Promise(() => undefined);
    const delivery = deliveryOf({ kind: 'image', url: 'line:1' }, { kind: 'audio', url: 'line:2' });
    let shown: Delivery | undefined;
    void inward(delivery).then((done) => {
      shown = done;
    });
    await time.pass(19_999);
    expect(shown).toBeUndefined();
    await time.pass(1);
    expect(shown && partsOf(shown)).toEqual(partsOf(delivery));
    expect(time.timers).toBe(0);
  });

  test('shows what can’t be had as a line, and asks nobody where the channel hands over no files', async () => {
    answer = async () => CANNOT;
    const delivery = deliveryOf({ kind: 'video', url: 'line:1' });
    expect(partsOf(await inward(delivery))).toEqual(partsOf(delivery));
    expect(wishes).toHaveLength(1);
    expect(await inward(delivery, { name: 'other' } as ChannelPort)).toBe(delivery);
    expect(wishes).toHaveLength(1);
  });

  test('is purged under the very names under which it was kept, and a failure is told', async () => {
    const delivery = deliveryOf(
      { kind: 'image', url: 'line:1' },
      { kind: 'file', url: 'line:2' },
      { kind: 'text', text: 'words' },
    );
    const one = pictures();
    await one.inward(delivery, DESK, line, CONNECTION);
    expect(await one.purge(delivery)).toEqual({ kind: 'delivered' });
    expect(purged).toEqual(wishes.map(({ id, expiresAt }) => expect.objectContaining({ id, expiresAt })));
    purging = { kind: 'refused', code: 'picture.cannotKeep', transient: true };
    expect(await one.purge(delivery)).toBe(purging);
    expect(await one.purge({ ...delivery, content: { type: 'handOut' } })).toEqual({ kind: 'delivered' });
  });
});

describe('an operator’s pictures', () => {
  const message: Message = {
    author: { kind: 'operator' },
    at: 0,
    parts: [
      { kind: 'text', text: 'see' },
      { kind: 'image', url: 'a' },
      { kind: 'image', url: 'b' },
    ],
  };
  const outward = (images: Capabilities['images']) =>
    pictures().outward(deliveryOf(), message, DESK, { images } as Capabilities);

  test('go as the channel takes them, with their previews; what can’t be made so goes as a link in its place, and that is told', async () => {
    const kept = answer;
    answer = async (wish) => {
      const one = (await kept(wish)) as KeptPicture;
      return wish.url === 'a' ? { ...one, unfit: true } : { ...one, previewUrl: 'https://ours/small' };
    };
    const as = (await outward(FORM)) as Message;
    expect(as.parts).toEqual([
      { kind: 'text', text: 'see' },
      { kind: 'text', text: 'picture: https://ours/a' },
      expect.objectContaining({ kind: 'image', url: 'https://ours/b', previewUrl: 'https://ours/small' }),
    ]);
    expect(degraded(message, as)).toEqual({ sentence: 'reply.picturesAsLinks', values: { count: 1 } });
    expect(wishes.map(({ form, connection, patience }) => [form, connection, patience])).toEqual([
      [FORM, undefined, 9_000],
      [FORM, undefined, 9_000],
    ]);
  });

  test('go as links behind the words where the channel takes none', async () => {
    const as = (await outward(false)) as Message;
    expect(as.parts).toEqual([{ kind: 'text', text: 'see\npicture: https://ours/a\npicture: https://ours/b' }]);
    expect(wishes.map(({ form }) => form)).toEqual([undefined, undefined]);
  });

  test('stop the message when one of them can’t be had', async () => {
    answer = async () => CANNOT;
    expect(await outward(FORM)).toBe(CANNOT);
    expect(wishes).toHaveLength(1);
  });
});
