import { personIdOf, teamsIdOf, uuidOf } from './ids.ts';
import type { KarteProject, Person, TeamsChannel, World } from './state.ts';

/** Every scope that one of the simulated KARTE calls asks for. */
export const allScopes: readonly string[] = [
  'talk.message.sendFromOperator',
  'talk.message.sendFromUser',
  'talk.message.get',
  'talk.assignee.assign',
  'talk.assignee.unassign',
  'talk.operator.get',
  'track.event.write',
  'beta.talk.assignee.get',
  'beta.talk.operator.list',
  'beta.talk.note.send',
  'beta.talk.status.change',
  'beta.track.event.writeAndExecAction',
];

/** A person whose ids follow from the mail name. */
export function makePerson(mailName: string, surname: string, givenName: string, more: Partial<Person> = {}): Person {
  const email = `${mailName}@example.test`;
  return {
    id: personIdOf(mailName),
    aadObjectId: uuidOf(`person ${mailName}`),
    name: `${surname} ${givenName}`,
    givenName,
    surname,
    email,
    userPrincipalName: email,
    tenantId: uuidOf('tenant'),
    userRole: 'user',
    owner: false,
    member: true,
    ...more,
  };
}

/** A channel of the team; General has the id of the team itself. */
export function makeChannel(name: string, general = false): TeamsChannel {
  return { id: teamsIdOf(general ? 'team' : `channel ${name}`), name, general, deleted: false };
}

function defaultProject(): KarteProject {
  return {
    apiKey: 'test-karte-api-key',
    accessToken: 'test-karte-access-token',
    clientSecret: 'test-karte-client-secret',
    clientId: 'test-karte-client-id',
    botId: 'bot-test-karte',
    botName: 'サポート窓口',
    scopes: [...allScopes],
    operators: [
      { id: 'op-yamada-0001', name: '山田(オペレーター)' },
      { id: 'op-sato-0002', name: '佐藤' },
    ],
  };
}

/** The world everybody starts in: a support team of three, an outsider, and a KARTE project without customers. */
export function defaultWorld(appId = uuidOf('app')): World {
  return {
    bot: { id: `28:${appId}`, appId, name: 'KARTE', installed: true },
    tenantId: uuidOf('tenant'),
    team: { id: teamsIdOf('team'), name: 'サポート窓口', aadGroupId: uuidOf('team') },
    people: [
      makePerson('hanako.yamada', '山田', '花子', { owner: true }),
      makePerson('ken.sato', '佐藤', '健'),
      makePerson('mei.lee', '李', '美', { userRole: 'guest', email: 'mei.lee@partner.example.test' }),
      makePerson('taro.gaibu', '外部', '太郎', { member: false, tenantId: uuidOf('another tenant') }),
    ],
    channels: [makeChannel('一般', true), makeChannel('返品・交換'), makeChannel('法人のお客様')],
    threads: [],
    project: defaultProject(),
    customers: [],
    lastId: 0,
  };
}
