import type { Conversation } from './conversation.ts';
import type { Directory } from './directory.ts';
import type { Message } from './message.ts';
import type { Failure } from './outcome.ts';

/** What was said before: the messages, oldest first, each with its author's name where we know it, and where the whole of it can be read. */
export interface Earlier {
  messages: { message: Message; name?: string }[];
  consoleUrl?: string;
}

/** Asks the channel for the last messages of a conversation. `undefined`: the channel keeps none to be asked for. */
export async function earlierIn(
  conversation: Conversation,
  directory: Directory,
  limit: number,
): Promise<Earlier | Failure | undefined> {
  const { connection, channel } = await directory.contextOf(conversation);
  const found = await channel.history?.(connection, conversation.endUser, limit);
  if (!found || 'kind' in found) return found;
  const messages = found.map(async (message) => ({ message, name: await nameOf(message, conversation, directory) }));
  return {
    messages: await Promise.all(messages),
    consoleUrl: channel.consoleUrl?.(connection, conversation.endUser),
  };
}

/** Operators by the name that end users see. */
async function nameOf(
  { author }: Message,
  { deskId }: Conversation,
  directory: Directory,
): Promise<string | undefined> {
  if (author.kind !== 'operator' || author.id === undefined) return undefined;
  const link = await directory.link(deskId, { operatorId: author.id });
  return link?.operatorName ?? link?.person.name;
}
