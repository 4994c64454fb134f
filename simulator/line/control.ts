import { z } from 'zod';
import { check, chosenFile, file } from '../controlShapes.ts';
import { BadInput } from '../stage.ts';
import type { Line } from './index.ts';
import type { LineCustomerHandle, Written } from './surface.ts';

/**
 * LINE's side of the control API, below `<baseUrl>/api/line`; answers and refusals as in `../state.ts`, types in `world.ts`.
 *
 * | call | body | answer |
 * | --- | --- | --- |
 * | `POST /customers` | `NewLineCustomer` with `channelId?` | 201 `LineCustomer` |
 * | `POST /customers/:id/messages` | {@link LineWrites} | 201 the newest `LineMessage` (the webhook travels afterwards) |
 * | `POST /customers/:id/postback` | `{data, displayText?, params?}` | 201 `LineMessage` |
 * | `POST /customers/:id/unsend` | `{messageId}` | `LineCustomer` |
 * | `POST /customers/:id/friendship` | `{to: 'friend' \| 'blocked'}` | `LineCustomer` |
 * | `POST /accounts/:channelId` | part of `LineAccount`: see `account` below | `LineAccount` |
 * | `POST /accounts/:channelId/verify` | `{}` | `LineWebhookTest` |
 * | `POST /accounts/:channelId/token` | `{keepOldHours?}` | `LineAccount` with a new long-lived token |
 * | `POST /accounts/:channelId/secret` | `{}` | `LineAccount` with a new channel secret |
 */
export type LineWrites = z.infer<typeof shapes.writes>;

const text = z.string().min(1);
const emoji = z.object({ index: z.int(), length: z.int(), productId: text, emojiId: text });
const durationMs = z.int().positive().optional();

const shapes = {
  customer: z.object({
    channelId: text.optional(),
    userId: text.optional(),
    name: text.optional(),
    language: text.optional(),
    pictureUrl: z.url().optional(),
    statusMessage: text.optional(),
    friendship: z.enum(['none', 'friend', 'blocked']).optional(),
  }),
  writes: z.discriminatedUnion('type', [
    z.object({ type: z.literal('text'), text, emojis: z.array(emoji).optional(), quotes: text.optional() }),
    z.object({
      type: z.literal('sticker'),
      packageId: text.optional(),
      stickerId: text.optional(),
      keywords: z.array(text).max(15).optional(),
    }),
    z.object({ type: z.literal('image'), files: z.array(file).min(1).max(20) }),
    z.object({ type: z.literal('video'), file, durationMs }),
    z.object({ type: z.literal('audio'), file, durationMs }),
    z.object({ type: z.literal('file'), file }),
    z.object({
      type: z.literal('location'),
      title: text.max(100).optional(),
      address: text.max(100).optional(),
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
    }),
  ]),
  postback: z.object({
    data: text.max(300),
    displayText: text.optional(),
    params: z.record(z.string(), z.string()).optional(),
  }),
  unsend: z.object({ messageId: text }),
  friendship: z.object({ to: z.enum(['friend', 'blocked']) }),
  account: z.strictObject({
    webhook: z
      .strictObject({ url: z.url().max(500).optional(), active: z.boolean(), redelivery: z.boolean() })
      .optional(),
    displayName: text.max(20).optional(),
    quota: z.int().min(0).nullable().optional(),
    used: z.int().min(0).optional(),
    chatMode: z.enum(['chat', 'bot']).optional(),
  }),
  token: z.object({ keepOldHours: z.int().min(0).max(24).optional() }),
};

interface Outcome {
  status?: number;
  body: unknown;
}

type Handler = (line: Line, id: string, body: unknown) => Outcome | Promise<Outcome>;

/** What each call does; `:id` stands for a customer's id or a channel id. */
export const lineRoutes: Record<string, Handler> = {
  'POST customers': (line, _, body) => {
    const { channelId, ...customer } = check(shapes.customer, body);
    return { status: 201, body: line.customer(customer, channelId).state };
  },
  'POST customers/:id/messages': (line, id, body) => ({
    status: 201,
    body: send(line.customer(id), check(shapes.writes, body)).message,
  }),
  'POST customers/:id/postback': (line, id, body) => {
    const { data, ...more } = check(shapes.postback, body);
    return { status: 201, body: line.customer(id).postback(data, more).message };
  },
  'POST customers/:id/unsend': (line, id, body) => {
    const customer = line.customer(id);
    customer.unsend(check(shapes.unsend, body).messageId);
    return { body: customer.state };
  },
  'POST customers/:id/friendship': (line, id, body) => {
    const customer = line.customer(id);
    if (check(shapes.friendship, body).to === 'friend') customer.follow();
    else customer.block();
    return { body: customer.state };
  },
  'POST accounts/:id': (line, id, body) => {
    const account = line.account(id);
    const { webhook, ...more } = check(shapes.account, body);
    Object.assign(account.state, more);
    if (webhook) {
      const { url, ...switches } = webhook;
      account.setWebhook({ ...switches, ...(url === undefined ? {} : { url }) });
    }
    return { body: account.state };
  },
  'POST accounts/:id/verify': async (line, id) => {
    const account = line.account(id);
    if (account.state.webhook.url === undefined) throw new BadInput('There is no webhook URL yet.');
    return { body: await account.verify() };
  },
  'POST accounts/:id/token': (line, id, body) => {
    const account = line.account(id);
    account.reissueToken(check(shapes.token, body).keepOldHours);
    return { body: account.state };
  },
  'POST accounts/:id/secret': (line, id) => {
    const account = line.account(id);
    account.reissueSecret();
    return { body: account.state };
  },
};

function send(customer: LineCustomerHandle, writes: LineWrites): Pick<Written, 'message'> {
  switch (writes.type) {
    case 'text':
      return customer.write(writes.text, writes);
    case 'sticker': {
      const { type: _, ...sticker } = writes;
      return customer.sticker(sticker);
    }
    case 'image': {
      const files = writes.files.map(chosenFile);
      const [only] = files;
      if (only && files.length === 1) return customer.picture(only);
      return customer.pictures(files).at(-1) as Written;
    }
    case 'video':
      return customer.video(chosenFile(writes.file), writes);
    case 'audio':
      return customer.audio(chosenFile(writes.file), writes);
    case 'file':
      return customer.file(chosenFile(writes.file));
    case 'location': {
      const { type: _, ...place } = writes;
      return customer.location(place);
    }
  }
}
