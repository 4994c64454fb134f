import type { Activity } from 'botbuilder';
import type { Installation } from '../desk/administration.ts';
import type { Person } from '../desk/settings.ts';

/** Where in Teams an activity happened: the team, the Teams channel and the thread in it. */
export interface Place {
  team: Installation;
  room: string;
  threadId: string;
}

interface TeamsData {
  team?: { id?: string; name?: string; aadGroupId?: string };
  teamsTeamId?: string;
  channel?: { id?: string; name?: string };
  teamsChannelId?: string;
  tenant?: { id?: string };
  eventType?: string;
}

/** Teams' own part of an activity. */
export function teamsData(activity: Partial<Activity>): TeamsData {
  return typeof activity.channelData === 'object' && activity.channelData !== null ? activity.channelData : {};
}

export function tenantOf(activity: Partial<Activity>): string | undefined {
  return activity.conversation?.tenantId ?? teamsData(activity).tenant?.id;
}

/** The place of an activity in a team; `undefined` for personal and group chats. A root post's thread is named by its own id. */
export function placeOf(activity: Partial<Activity>): Place | undefined {
  const { team, teamsTeamId, channel, teamsChannelId } = teamsData(activity);
  const id = team?.id ?? teamsTeamId;
  const tenantId = tenantOf(activity) ?? '';
  const conversationId = activity.conversation?.id;
  if (!id || !conversationId || !activity.serviceUrl) return undefined;
  const room = channel?.id ?? teamsChannelId ?? conversationId.split(';')[0] ?? id;
  const threadId = conversationId.includes(';messageid=') ? conversationId : `${room};messageid=${activity.id}`;
  return {
    team: {
      id,
      tenantId,
      serviceUrl: activity.serviceUrl,
      botId: activity.recipient?.id ?? '',
      botName: activity.recipient?.name ?? '',
      teamName: team?.name,
      aadGroupId: team?.aadGroupId,
    },
    room,
    threadId,
  };
}

/** When something happened, as Teams says (Unix ms); `undefined` where it does not. */
export function timeOf({ timestamp }: Partial<Activity>): number | undefined {
  // The SDK's type is a Date; parsed JSON holds its text.
  const at = timestamp === undefined ? Number.NaN : new Date(timestamp).getTime();
  return Number.isNaN(at) ? undefined : at;
}

/** The person an activity comes from, by Entra id where Teams tells it. */
export function personOf({ from, locale }: Partial<Activity>): Person {
  const [, language] = /^(ja|en)\b/i.exec(locale ?? '') ?? [];
  return {
    id: from?.aadObjectId ?? from?.id ?? '',
    name: from?.name ?? '',
    teamsId: from?.id,
    locale: language?.toLowerCase() as Person['locale'],
  };
}
