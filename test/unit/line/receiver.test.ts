import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Receiver } from '../../../src/channels/line/receiver.ts';
import { DeskError } from '../../../src/desk/deskError.ts';
import type { Connection } from '../../../src/desk/settings.ts';
import { mutated } from '../../fuzz/mutations.ts';
import { KeptLog } from '../../integration/stand.ts';

const SECRET = 'test-channel-secret';
const BOT = `U${'b'.repeat(32)}`;
const USER = `U${'0'.repeat(32)}`;

const connection: Connection = {
  id: 'one',
  deskId: 'desk',
  channel: 'line',
  account: '2000000001',
  settings: { userId: BOT },
  sealed: '',
  room: 'room',
  createdAt: 0,
  updatedAt: 0,
};
const event = (more: object) => ({
  mode: 'active',
  timestamp: 1_700_000_000_000,
  webhookEventId: '01FZ74A0TDDPYRVKNK77XKC3ZR',
  deliveryContext: { isRedelivery: false },
  source: { type: 'user', userId: USER },
  ...more,
});
const text = { id: '5', type: 'text', text: 'もしもし', quoteToken: 'q', markAsReadToken: 'm' };
const said = event({ type: 'message', message: text });
const hook = (...events: object[]) => ({ destination: BOT, events });

let log: KeptLog;
let now: number;
let receiver: Receiver;
beforeEach(() => {
  log = new KeptLog();
  now = 1_000_000;
  receiver = new Receiver({
    apiUrl: '',
    dataUrl: '',
    timeout: 0,
    isLink: () => true,
    secrets: () => ({ channelSecret: SECRET }),
    now: () => now,
    log,
  });
});

const sign = (body: Buffer, secret = SECRET) => createHmac('sha256', secret).update(body).digest('base64');
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '');
const receive = (body: Buffer, signature: string | string[] | undefined = sign(body), found = true) =>
  receiver.receive({ headers: { 'x-line-signature': signature }, body }, async () => (found ? connection : undefined));
const received = async (...events: object[]) => receive(bytesOf(hook(...events)));
const codeOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 'taken',
    (error: unknown) => (error instanceof DeskError ? error.code : `${error}`),
  );

test('a message is the customer’s, by LINE’s own ids and time, with its mark', async () => {
  expect(await received(said)).toEqual([
    {
      eventId: '01FZ74A0TDDPYRVKNK77XKC3ZR',
      connection,
      endUser: { key: USER, userId: USER },
      happening: {
        type: 'message',
        message: {
          id: '5',
          readMark: 'm',
          author: { kind: 'endUser' },
          parts: [{ kind: 'text', text: 'もしもし' }],
          at: 1_700_000_000_000,
        },
      },
    },
  ]);
});

test('what a hook says is looked at only after its signature', async () => {
  const bodies = [bytesOf(hook(said)), bytesOf({ no: 'shape' }), Buffer.from('no json')];
  for (const body of bodies)
    for (const signature of [undefined, '', sign(body, 'test-other'), [sign(body), sign(body)]])
      expect(await codeOf(receive(body, signature ?? []))).toBe('hook.badSignature');
  expect(await codeOf(receive(bytesOf(hook(said)), undefined, false))).toBe('hook.unknownAccount');
  expect(await codeOf(receive(Buffer.from('no json')))).toBe('hook.notJson');
  expect(await codeOf(receive(bytesOf({ no: 'shape' })))).toBe('hook.badShape');
  expect(receiver.heardAgo({ ...connection, id: 'other' })).toBeUndefined();
});

test('a forged hook does not count as heard, a genuine one does', async () => {
  await codeOf(receive(bytesOf(hook()), sign(bytesOf(hook()), 'test-other')));
  expect(receiver.heardAgo(connection)).toBeUndefined();
  expect(await received()).toEqual([]);
  now += 90_000;
  expect(receiver.heardAgo(connection)).toBe(90_000);
});

test('another destination than the account that was checked is told in the log', async () => {
  await receive(bytesOf({ ...hook(said), destination: `U${'c'.repeat(32)}` }));
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { connectionId: 'one' } }]);
});

test('an odd event is left out and told, and takes nothing from the others', async () => {
  const [only, ...others] = await received({ ...said, webhookEventId: null }, said);
  expect(only?.eventId).toBe('01FZ74A0TDDPYRVKNK77XKC3ZR');
  expect(others).toEqual([]);
  expect(log.lines).toMatchObject([{ level: 'warn', fields: { events: 1 } }]);
});

test.each<[string, object]>([
  ['of a group', { source: { type: 'group', groupId: 'C1', userId: USER } }],
  ['of somebody who is not named', { source: { type: 'user' } }],
  ['while another program talks', { mode: 'standby' }],
  ['of a kind that is new', { type: 'telepathy' }],
])('an event %s is genuine and nothing for the desk', async (_name, more) => {
  expect(await received({ ...said, ...more })).toEqual([]);
  expect(log.lines).toMatchObject([{ level: 'info' }]);
  expect(JSON.stringify(log.lines)).not.toMatch(/もしもし|U000/);
});

test('whatever LINE may send, signed, is taken or refused by a code of ours', async () => {
  const whole = hook(
    said,
    event({ type: 'message', message: { id: '6', type: 'image', contentProvider: { type: 'line' } } }),
    event({ type: 'message', message: { id: '7', type: 'sticker', packageId: '1', stickerId: '2', keywords: ['a'] } }),
    event({ type: 'message', message: { id: '8', type: 'location', latitude: 1, longitude: 2, title: 'x' } }),
    event({ type: 'message', message: { id: '9', type: 'file', fileName: 'a.pdf', fileSize: 3 } }),
    event({ type: 'unsend', unsend: { messageId: '5' } }),
    event({ type: 'postback', postback: { data: 'a=1' } }),
    event({ type: 'follow', follow: { isUnblocked: false } }),
  );
  await fc.assert(
    fc.asyncProperty(mutated(whole), async (body) => {
      // What holds itself is nothing that could be sent.
      fc.pre(isJson(body));
      expect(['taken', 'hook.badShape', 'hook.notJson']).toContain(await codeOf(receive(bytesOf(body))));
    }),
    { numRuns: 2_000 },
  );
});

function isJson(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
