import { z } from 'zod';
import type { ChosenFile } from './files.ts';
import { BadInput } from './stage.ts';

const text = z.string().min(1);
const side = z.enum(['teams', 'karte', 'line']);
const values = z.record(z.string(), z.unknown());
const client = z.enum(['desktop', 'web', 'mobile']).optional();
const moment = z.enum(['before', 'after']);
const milliseconds = z.number().min(0).max(600_000);

/** A file as it comes in JSON. */
export const file = z.object({
  name: z.string().max(200),
  type: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/),
  base64: z.base64(),
});

/** What the bodies of the control API have to look like; the types stand in `state.ts`. */
export const shapes = {
  newCustomer: z.object({
    kind: z.enum(['visitor', 'member']),
    user_id: text.optional(),
    visitor_id: text.optional(),
    name: z.string().optional(),
  }),
  customerWrites: z.object({
    text: z.string(),
    picture: file.optional(),
    page: z.url().optional(),
    metadata: values.optional(),
  }),
  identify: z.object({ user_id: text }),
  personWrites: z.object({
    channelId: text.optional(),
    threadId: text.optional(),
    text: z.string(),
    pictures: z.array(file).max(20).optional(),
    files: z.array(text).max(20).optional(),
    mentionBot: z.boolean().optional(),
    mentions: z.array(text).optional(),
    client,
  }),
  edit: z.object({ personId: text, text, mentionBot: z.boolean().optional(), mentions: z.array(text).optional() }),
  person: z.object({ personId: text }),
  reaction: z.object({ personId: text, type: text, remove: z.boolean().optional() }),
  card: z.object({ personId: text, postId: text, data: values, verb: text.optional() }),
  operatorWrites: z.object({ customerId: text, operatorId: text, text }),
  assign: z.object({ customerId: text, operatorId: text.nullable() }),
  status: z.object({ customerId: text, status: z.enum(['open', 'waiting', 'closed']) }),
  fault: z.strictObject({
    side,
    path: z.string().optional(),
    method: z.string().optional(),
    containing: z.string().optional(),
    times: z.int().positive().optional(),
    status: z.int().min(200).max(599).optional(),
    code: z.string().optional(),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    delayMs: milliseconds.optional(),
    reset: moment.optional(),
    hang: z.union([z.boolean(), moment]).optional(),
    effect: z.boolean().optional(),
  }),
  switches: z.strictObject({ side, offline: z.boolean().optional(), slowMs: milliseconds.optional() }),
  install: z.object({ installed: z.boolean(), personId: text.optional() }),
};

/** The checked body. Throws {@link BadInput} with every complaint. */
export function check<T>(shape: z.ZodType<T>, body: unknown): T {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new BadInput(complaints.join('; '));
}

/** The bytes of a file that came as JSON. */
export function chosenFile({ name, type, base64 }: z.infer<typeof file>): ChosenFile {
  return { name, type, bytes: Buffer.from(base64, 'base64') };
}
