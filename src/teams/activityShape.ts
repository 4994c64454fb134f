import type { Activity } from 'botbuilder';
import { z } from 'zod';

const text = z.string().nullish();
const named = z.looseObject({ id: text, name: text });
const account = z.looseObject({ id: text, name: text, aadObjectId: text });
const mention = z.looseObject({ text, mentioned: account.nullish() });

const entity = z
  .looseObject({ type: text })
  .refine((value) => value.type !== 'mention' || mention.safeParse(value).success);

/** What Teams' activities look like, as far as the SDK and we read them; all else may be as it likes. */
const activity = z.looseObject({
  type: z.string(),
  id: text,
  name: text,
  action: text,
  text,
  channelId: text,
  serviceUrl: text,
  replyToId: text,
  deliveryMode: text,
  locale: text,
  conversation: z.looseObject({ id: text, tenantId: text }).nullish(),
  from: account.nullish(),
  recipient: account.nullish(),
  channelData: z
    .looseObject({
      eventType: text,
      team: named.extend({ aadGroupId: text }).nullish(),
      teamsTeamId: text,
      channel: named.nullish(),
      teamsChannelId: text,
      tenant: named.nullish(),
    })
    .nullish(),
  entities: z.array(entity).nullish(),
  attachments: z.array(z.looseObject({ contentType: text })).nullish(),
  membersAdded: z.array(account).nullish(),
  membersRemoved: z.array(account).nullish(),
});

/** Whether a parsed body can be handed to the SDK: what it and we take for texts, objects and lists are such. */
export function isActivity(body: unknown): body is Activity {
  return activity.safeParse(body).success;
}
