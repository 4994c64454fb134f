import type { Person } from '../state.ts';
import { badArgument, ConnectorError } from './connectorError.ts';
import type { Team } from './team.ts';

/** One member by `29:` id or Entra object id. Throws {@link ConnectorError} 404 for strangers. */
export function memberOf(team: Team, memberId: string) {
  const found = team.members.find(({ id, aadObjectId }) => id === memberId || aadObjectId === memberId);
  if (found) return accountOf(found);
  throw new ConnectorError(404, 'MemberNotFoundInConversation', 'The member is not part of the conversation.');
}

export function allMembers(team: Team) {
  return team.members.map(accountOf);
}

/** One page of 50 to 500 members, 200 unless asked for (get-teams-context). */
export function pageOfMembers(team: Team, query: URLSearchParams) {
  const pageSize = Math.min(500, Math.max(50, Number(query.get('pageSize') ?? 200) || 200));
  const token = query.get('continuationToken');
  const start = token ? Number(Buffer.from(token, 'base64url').toString()) : 0;
  if (!Number.isSafeInteger(start)) throw badArgument('The continuation token is not one of ours.');
  const end = start + pageSize;
  const members = team.members.slice(start, end).map(accountOf);
  const more = end < team.members.length;
  return { members, ...(more ? { continuationToken: Buffer.from(String(end)).toString('base64url') } : {}) };
}

export function teamDetails(team: Team) {
  const counts = { channelCount: channelList(team).length, memberCount: team.members.length };
  return { ...team.world.team, type: 'standard', tenantId: team.world.tenantId, ...counts };
}

/** The Teams channels; General has an empty name, clients put in their own. */
export function channelList(team: Team) {
  const present = team.world.channels.filter((channel) => !channel.deleted);
  return present.map(({ id, name, general }) => ({ id, name: general ? '' : name }));
}

/** A member as the connector tells it: owners are not marked, only Graph knows them. */
function accountOf({ owner: _owner, member: _member, ...person }: Person) {
  return { ...person, objectId: person.aadObjectId };
}
