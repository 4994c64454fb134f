import { personIdOf, teamsIdOf, uuidOf } from './ids.ts';
import { makeAccount } from './line/makeAccount.ts';
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

/** What people in the simulated world are called: as the language of the desk has it. */
const names = {
  ja: {
    desk: 'サポート窓口',
    people: [
      ['山田', '花子'],
      ['佐藤', '健'],
      ['李', '美'],
      ['外部', '太郎'],
    ],
    channels: ['一般', '返品・交換', '法人のお客様'],
    operators: ['山田(オペレーター)', '佐藤'],
  },
  en: {
    desk: 'Support desk',
    people: [
      ['Yamada', 'Hanako'],
      ['Sato', 'Ken'],
      ['Lee', 'Mei'],
      ['Gaibu', 'Taro'],
    ],
    channels: ['General', 'Returns', 'Business customers'],
    operators: ['Yamada (operator)', 'Sato'],
  },
} as const;

function defaultProject(locale: keyof typeof names): KarteProject {
  const { desk, operators } = names[locale];
  return {
    apiKey: 'test-karte-api-key',
    accessToken: 'test-karte-access-token',
    clientSecret: 'test-karte-client-secret',
    clientId: 'test-karte-client-id',
    botId: 'bot-test-karte',
    botName: desk,
    scopes: [...allScopes],
    operators: [
      { id: 'op-yamada-0001', name: operators[0] },
      { id: 'op-sato-0002', name: operators[1] },
    ],
  };
}

/** The world everybody starts in: a support team of three, an outsider, and a KARTE project without customers. */
export function defaultWorld(appId = uuidOf('app'), locale: keyof typeof names = 'ja'): World {
  const { desk, people, channels } = names[locale];
  const person = (mailName: string, [surname, givenName]: readonly [string, string], more: Partial<Person> = {}) =>
    makePerson(mailName, surname, givenName, {
      name: locale === 'ja' ? `${surname} ${givenName}` : `${givenName} ${surname}`,
      ...more,
    });
  return {
    bot: { id: `28:${appId}`, appId, name: 'KARTE', installed: true },
    tenantId: uuidOf('tenant'),
    locale: locale === 'ja' ? 'ja-JP' : 'en-US',
    team: { id: teamsIdOf('team'), name: desk, aadGroupId: uuidOf('team') },
    people: [
      person('hanako.yamada', people[0], { owner: true }),
      person('ken.sato', people[1]),
      person('mei.lee', people[2], { userRole: 'guest', email: 'mei.lee@partner.example.test' }),
      person('taro.gaibu', people[3], { member: false, tenantId: uuidOf('another tenant') }),
    ],
    channels: channels.map((name, at) => makeChannel(name, at === 0)),
    threads: [],
    project: defaultProject(locale),
    customers: [],
    line: { accounts: [makeAccount(desk, { channelId: '2000000001' })], customers: [] },
    lastId: 0,
  };
}
