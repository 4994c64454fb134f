import { z } from 'zod';

/** An id as KARTE sends it; sites choose user ids freely, so a number is taken as its digits. */
const id = z.union([z.string(), z.number()]).transform(String).nullish();

const envelope = z.object({
  id,
  event_type: z.string(),
  data: z.looseObject({}),
  extra: z.looseObject({}).nullish(),
});

const message = z.looseObject({
  user_id: id,
  visitor_id: id,
  account_id: id,
  sender_id: id,
  profile_name: z.string().nullish(),
  date: z.string().nullish(),
  content: z.looseObject({ text: z.string().nullish(), image: z.unknown().optional() }),
});

const assignment = z.looseObject({
  user_id: id,
  visitor_id: id,
  operator: z.object({ id, profile_name: z.string().nullish(), is_bot: z.boolean().nullish() }),
});

const extra = z.looseObject({
  user_id: id,
  visitor_id: id,
  access_uri: z.looseObject({ url: z.string().nullish() }).nullish(),
});

/** A hook of KARTE Talk, as far as it is documented; all that is not is optional. */
export type KarteHook = { id?: string; extra: z.infer<typeof extra> } & (
  | { event: 'talk/message/sendFromUser' | 'talk/message/sendFromOperator'; data: z.infer<typeof message> }
  | { event: 'talk/assignee/assign'; data: z.infer<typeof assignment> }
  | { event: 'other'; name: string }
);

/** Reads a parsed body into a hook, or says (`undefined`) that it does not have the documented shape. */
export function readHook(body: unknown): KarteHook | undefined {
  const outer = envelope.safeParse(body);
  if (!outer.success) return undefined;
  const beside = extra.safeParse(outer.data.extra ?? {});
  if (!beside.success) return undefined;
  const shared = { id: outer.data.id || undefined, extra: beside.data };
  switch (outer.data.event_type) {
    case 'talk/message/sendFromUser':
    case 'talk/message/sendFromOperator': {
      const data = message.safeParse(outer.data.data);
      return data.success ? { ...shared, event: outer.data.event_type, data: data.data } : undefined;
    }
    case 'talk/assignee/assign': {
      const data = assignment.safeParse(outer.data.data);
      return data.success ? { ...shared, event: 'talk/assignee/assign', data: data.data } : undefined;
    }
    default:
      return { ...shared, event: 'other', name: outer.data.event_type.slice(0, 100) };
  }
}
