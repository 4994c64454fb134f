import { z } from 'zod';
import type { Message } from '../../desk/message.ts';

/** What samples show of `talk/message/get`. Whether notes and pictures are in it, and in what order, is undocumented. */
const answer = z.object({
  messages: z.array(
    z.looseObject({
      date: z.string(),
      account_id: z.union([z.string(), z.number()]).nullish(),
      content: z.looseObject({ text: z.string().nullish(), image: z.unknown().optional() }).nullish(),
    }),
  ),
});

/** The messages in KARTE's answer, oldest first; `undefined` when it is none that we can read. `account_id` is null on what the user wrote. */
export function readHistory(body: unknown, botId: string): Message[] | undefined {
  const read = answer.safeParse(body);
  if (!read.success) return undefined;
  return read.data.messages
    .flatMap(({ date, account_id, content }): Message[] => {
      const at = Date.parse(date);
      if (Number.isNaN(at)) return [];
      const id = account_id === null || account_id === undefined ? undefined : String(account_id);
      const text = content?.text ?? '';
      const parts: Message['parts'] = text
        ? [{ kind: 'text', text }]
        : [{ kind: content?.image ? 'image' : 'event', name: '' }];
      return [{ author: authorOf(id, botId), parts, at }];
    })
    .sort((a, b) => a.at - b.at);
}

function authorOf(id: string | undefined, botId: string): Message['author'] {
  if (id === undefined || id === '') return { kind: 'endUser' };
  return { kind: id === botId ? 'bot' : 'operator', id };
}
