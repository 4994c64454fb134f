import { z } from 'zod';
import type { Attachment, Mention, Post } from '../state.ts';
import { badArgument, ConnectorError } from './connectorError.ts';
import type { Team } from './team.ts';

/** About 100 KB a message, counted in UTF-16; base64 images do not count (format-your-bot-messages). */
const sizeLimit = 100 * 1024;
const imageLimit = 1024 * 1024;
const dataUri = /data:image\/[\w.+-]+;base64,[A-Za-z0-9+/=]*/g;
const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/*'];
const adaptiveCard = 'application/vnd.microsoft.card.adaptive';

const mention = z.object({
  type: z.literal('mention'),
  text: z.string(),
  mentioned: z.object({ id: z.string(), name: z.string().optional() }),
});

/** The parts of a Bot Framework activity that the connector looks at. */
const activityShape = z.object({
  type: z.literal('message'),
  text: z.string().optional(),
  textFormat: z.enum(['plain', 'markdown', 'xml', 'extendedmarkdown']).optional(),
  attachments: z
    .array(
      z.object({
        contentType: z.string(),
        content: z.unknown().optional(),
        contentUrl: z.string().optional(),
        name: z.string().optional(),
      }),
    )
    .nullish(),
  attachmentLayout: z.string().optional(),
  entities: z.array(z.looseObject({ type: z.string() })).nullish(),
  recipient: z.object({ id: z.string() }).partial().nullish(),
});

export type OutgoingActivity = z.infer<typeof activityShape>;
export type Content = Pick<Post, 'text' | 'textFormat' | 'attachments' | 'mentions' | 'droppedMentions'>;

/** Checks the shape and size of what the bot sends. Throws {@link ConnectorError} 400 or 413. */
export function checkActivity(value: unknown): OutgoingActivity {
  const counted = JSON.stringify(value ?? null).replaceAll(dataUri, '');
  if (counted.length * 2 > sizeLimit) throw new ConnectorError(413, 'MessageSizeTooBig', 'Message size too large.');
  const parsed = activityShape.safeParse(value);
  if (!parsed.success) throw badArgument(sentenceOf(parsed.error));
  const activity = parsed.data;
  for (const attachment of activity.attachments ?? []) checkAttachment(attachment as Attachment);
  if (!activity.text?.trim() && !activity.attachments?.length) throw badArgument('The activity has no content.');
  return activity;
}

/** What Teams makes of one activity: several contents where it splits text from attachments, and attachments from each other. */
export function contentsOf(activity: OutgoingActivity, team: Team): Content[] {
  const { text, textFormat = 'markdown', attachments, attachmentLayout } = activity;
  const all = (attachments ?? []) as Attachment[];
  const groups = attachmentLayout === 'carousel' && all.length ? [all] : all.map((each) => [each]);
  const contents = groups.map((group): Content => ({ attachments: group, ...cardMentions(group, team) }));
  if (!text?.trim()) return contents;
  const found = sortMentions(activity.entities ?? [], [text], team, (id) =>
    team.members.some((each) => each.id === id),
  );
  return [{ text, textFormat, attachments: [], ...found }, ...contents];
}

function cardMentions(attachments: Attachment[], team: Team) {
  const cards = attachments.filter(({ contentType }) => contentType === adaptiveCard).map(({ content }) => content);
  const all = { mentions: [] as Mention[], droppedMentions: [] as string[] };
  for (const card of cards as { msteams?: { entities?: unknown[] } }[]) {
    const { msteams, ...shown } = card;
    // In cards an Entra object id or a user principal name works too.
    const known = (id: string) => team.findPerson(id)?.member === true;
    const found = sortMentions(msteams?.entities ?? [], stringsIn(shown), team, known);
    all.mentions.push(...found.mentions);
    all.droppedMentions.push(...found.droppedMentions);
  }
  return all;
}

/** Teams drops a mention without a word when its marker is not in the text or it names nobody of the team. */
function sortMentions(entities: unknown[], texts: string[], team: Team, known: (id: string) => boolean) {
  const mentions: Mention[] = [];
  const droppedMentions: string[] = [];
  for (const entity of entities) {
    const parsed = mention.safeParse(entity);
    if (!parsed.success) continue;
    const { text, mentioned } = parsed.data;
    const shown = text !== '' && texts.some((each) => each.includes(text));
    if (!shown || !known(mentioned.id)) {
      droppedMentions.push(text);
      continue;
    }
    const person = team.person(mentioned.id);
    mentions.push({ id: person.id, name: mentioned.name ?? person.name, text });
  }
  return { mentions, droppedMentions };
}

function checkAttachment({ contentType, content, contentUrl }: Attachment): void {
  if (contentType === adaptiveCard) {
    const card = z.looseObject({ type: z.literal('AdaptiveCard'), version: z.string() }).safeParse(content);
    if (!card.success) throw badArgument(`The card is no Adaptive Card: ${sentenceOf(card.error)}`);
    if (Number(card.data.version) > 1.5) throw badArgument('Teams shows Adaptive Cards up to version 1.5.');
    return;
  }
  if (contentType.startsWith('application/vnd.microsoft.card.')) return;
  if (!imageTypes.includes(contentType)) throw badArgument(`Unknown attachment type ${contentType}.`);
  if (!contentUrl || !/^(https:|data:image\/)/.test(contentUrl))
    throw badArgument('An image needs an https or data URL.');
  const base64 = /^data:[^,]*,(.*)$/.exec(contentUrl)?.[1] ?? '';
  if (base64.length * 0.75 > imageLimit) throw badArgument('An image may have 1 MB.');
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

function sentenceOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'activity'}: ${message}`).join('; ');
}
