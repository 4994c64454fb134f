import type { DeskSettings } from '../src/desk/settings.ts';

type Team = Pick<DeskSettings, 'tenantId' | 'aadGroupId'>;

/** Teams' documented deep link to a Teams channel; the name in it is only shown while it loads. */
export function linkToRoom(team: Team, room: string): string {
  return `https://teams.microsoft.com/l/channel/${encodeURIComponent(room)}/channel?${queryOf(team)}`;
}

/** Teams' documented deep link to a thread (`19:...@thread.tacv2;messageid=<root>`): to the message at its root. */
export function linkToThread(team: Team, threadId: string): string {
  const [room = '', root = ''] = threadId.split(';messageid=');
  const query = queryOf(team, { parentMessageId: root });
  return `https://teams.microsoft.com/l/message/${encodeURIComponent(room)}/${encodeURIComponent(root)}?${query}`;
}

function queryOf({ tenantId, aadGroupId }: Team, more: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({ ...(aadGroupId ? { groupId: aadGroupId } : {}), tenantId, ...more });
}
