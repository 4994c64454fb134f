import type { LineAccountHandle } from '../../simulator/line/surface.ts';
import type { Post } from '../../simulator/state.ts';
import { bodyOf, button, type CardPart, press, tell } from './moves.ts';
import { taskOf } from './setupMoves.ts';
import { type Stand, YAMADA } from './stand.ts';

/** What somebody copies out of LINE's console. */
export function lineValues({ state }: LineAccountHandle): Record<string, string> {
  const { channelId, channelSecret, basicId } = state;
  return { channelId, channelSecret, basicId };
}

export function say(s: Stand, text: string, who = YAMADA) {
  return tell(s, who, { channel: s.simulator.state().team.id, text });
}

/** The form of LINE, sent with these values; what Teams shows then. */
export async function submitLine(s: Stand, more: Record<string, unknown> = {}, who = YAMADA) {
  const { posts } = await say(s, 'connect line', who);
  const data = { madoguchi: 'connect', channel: 'line', ...lineValues(s.simulator.line.account()), ...more };
  return taskOf(await s.simulator.teams.submitTask(who, posts[0]?.id ?? '', data));
}

/** Connects the first account by its form, and turns its webhook on in the console. */
export async function connectByForm(s: Stand): Promise<LineAccountHandle> {
  const account = s.simulator.line.account();
  const task = await submitLine(s);
  if (task.type !== 'message') throw new Error(JSON.stringify(task.value));
  account.setWebhook({ ...account.state.webhook, active: true, redelivery: false });
  return account;
}

/** The buttons that stand in a card's body, with the words of the section above them. */
export function sectionButtons(post: Post | undefined): { title: string; data: Record<string, unknown> }[] {
  type Part = CardPart & { items?: Part[]; actions?: { title: string; data: Record<string, unknown> }[] };
  const walk = (part: Part): { title: string; data: Record<string, unknown> }[] => [
    ...(part.actions ?? []),
    ...(part.items ?? []).flatMap(walk),
  ];
  return bodyOf(post).flatMap((part) => walk(part as Part));
}

/** The data of the button of this name beside the account of this channel. */
export async function connectionButton(s: Stand, title: string, channel: string) {
  const { posts } = await say(s, 'connections');
  const [card] = posts;
  const ids = (await s.store.connections.find({})).filter(({ value }) => value.channel === channel);
  const known = new Set(ids.map(({ value }) => value.id));
  const found = sectionButtons(card).find((one) => one.title === title && known.has(String(one.data.connection)));
  if (!found) throw new Error(`no button ${title} for ${channel}`);
  return { card, data: found.data };
}

/** Takes a connection away, all the way through the question. */
export async function disconnect(s: Stand, channel: string, answer: string, who = YAMADA) {
  const { posts } = await say(s, `disconnect ${channel}`, who);
  const [question] = posts;
  return { question, ...(await press(s, who, question, button(question, answer))) };
}
