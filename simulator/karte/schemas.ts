import type { ZodType } from 'zod';
import { z } from 'zod';

const text = z.string();
const content = z.looseObject({ text });
const sender = z.object({ id: text, is_bot: z.boolean() });
const eventName = z.string().regex(/^[A-Za-z_$][A-Za-z0-9_$]*$/);
/** Longer values are cut, not refused. */
const cutText = z.string().transform((value) => value.slice(0, 2_048));
const eventWrite = z.object({
  keys: z.object({ user_id: text.optional(), visitor_id: text.optional() }),
  event: z.object({ event_name: eventName, values: z.record(eventName, z.union([cutText, z.unknown()])) }),
});

/** Each call that the simulator knows: the scope it asks for and the body it takes. */
export const calls = {
  '/v2/talk/message/sendFromOperator': {
    scope: 'talk.message.sendFromOperator',
    body: z.object({ user_id: text, content, sender_id: text }),
  },
  '/v2/talk/message/sendFromUser': {
    scope: 'talk.message.sendFromUser',
    body: z.object({ user_id: text, content }),
  },
  '/v2/talk/message/get': {
    scope: 'talk.message.get',
    body: z.object({ user_id: text, options: z.object({ limit: z.int().positive().optional() }).optional() }),
  },
  '/v2/talk/assignee/assign': {
    scope: 'talk.assignee.assign',
    body: z.object({ user_id: text, assignee: sender }),
  },
  '/v2/talk/assignee/unassign': { scope: 'talk.assignee.unassign', body: z.object({ user_id: text }) },
  '/v2beta/talk/assignee/get': { scope: 'beta.talk.assignee.get', body: z.object({ user_id: text }) },
  '/v2beta/talk/operator/list': { scope: 'beta.talk.operator.list', body: z.object({}) },
  '/v2/talk/operator/get': { scope: 'talk.operator.get', body: z.object({ operator_id: text }) },
  '/v2beta/talk/operator/get': { scope: 'talk.operator.get', body: z.object({ operator_id: text }) },
  '/v2beta/talk/note/send': {
    scope: 'beta.talk.note.send',
    body: z.object({ user_id: text, content, sender }),
  },
  '/v2beta/talk/status/change': {
    scope: 'beta.talk.status.change',
    body: z.object({ user_id: text, chat_status: z.enum(['open', 'waiting', 'closed']) }),
  },
  '/v2/track/event/write': { scope: 'track.event.write', body: eventWrite },
  '/v2beta/track/event/writeAndExecAction': { scope: 'beta.track.event.writeAndExecAction', body: eventWrite },
} as const satisfies Record<string, { scope: string; body: ZodType }>;

export type CallPath = keyof typeof calls;
export type BodyOf<Path extends CallPath> = z.infer<(typeof calls)[Path]['body']>;

/** The first fault of a body in the words of KARTE's validator: `should have required property 'user_id'. path: user_id`. */
export function complaintOf(error: z.ZodError, body: unknown): string {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).map(String);
  const missing = valueAt(body, path) === undefined;
  const expected = issue?.code === 'invalid_type' ? issue.expected : undefined;
  const should = missing
    ? `have required property '${path.at(-1) ?? ''}'`
    : expected
      ? `be ${expected}`
      : issue?.code === 'invalid_value'
        ? 'be equal to one of the allowed values'
        : 'match the expected format';
  return `should ${should}. path: ${path.join('.')}`;
}

function valueAt(body: unknown, path: string[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], body);
}
