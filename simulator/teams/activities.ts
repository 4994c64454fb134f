import type { Client, Person, TeamsChannel, World } from '../state.ts';

/** A Bot Framework activity on its way to the bot. */
export interface Activity {
  type: string;
  id: string;
  [field: string]: unknown;
}

const platforms: Record<Client, string> = { desktop: 'Windows', web: 'Web', mobile: 'iOS' };

/** Everything that activities of a Teams channel have in common. `conversationId` has the `;messageid=` or not. */
export function baseActivity(
  world: World,
  serviceUrl: string,
  from: Person,
  channelId: string,
  conversationId: string,
) {
  const { bot, team, tenantId } = world;
  return {
    channelId: 'msteams',
    serviceUrl,
    from: { id: from.id, name: from.name, aadObjectId: from.aadObjectId },
    recipient: { id: bot.id, name: bot.name },
    conversation: { isGroup: true, conversationType: 'channel', tenantId, id: conversationId },
    channelData: {
      teamsChannelId: channelId,
      teamsTeamId: team.id,
      channel: { id: channelId },
      team: { id: team.id },
      tenant: { id: tenantId },
    },
  };
}

/** Times in the forms of an activity, and the language its author has Teams in; the team sits in Tokyo. */
export function timesOf({ locale }: World, at: number) {
  const local = new Date(at + 9 * 3_600_000).toISOString().replace('Z', '+09:00');
  return { timestamp: new Date(at).toISOString(), localTimestamp: local, localTimezone: 'Asia/Tokyo', locale };
}

export function clientInfo({ locale }: World, client: Client) {
  const platform = platforms[client];
  return { type: 'clientInfo', locale, country: 'JP', platform, timezone: 'Asia/Tokyo' };
}

/** channelData of the events about the team itself, where names are told too. */
export function eventData(world: World, eventType: string, channel?: TeamsChannel) {
  const { team, tenantId } = world;
  const told = channel && { channel: { id: channel.id, name: channel.name } };
  return { eventType, ...told, team: { ...team }, tenant: { id: tenantId } };
}
