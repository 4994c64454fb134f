import { dropInput, nameOfChannel } from '../cards/connect.ts';
import { accountName, type Shown } from '../cards/connections.ts';
import { findingText } from '../cards/doctor.ts';
import { nameOf } from '../cards/move.ts';
import type { Connection, Person, Room } from '../src/desk/settings.ts';
import type { Say, SentenceKey } from '../src/text/text.ts';
import { sentenceOf } from '../src/text/text.ts';
import type { Tools } from './facts.ts';
import { Refusal } from './refusal.ts';

/** What was typed or pasted, by the ids of the channel's fields. */
export type Typed = Readonly<Record<string, string>>;

/** What came of it: `lines` to say when it worked, else `problem`. */
export type Connected = { done: true; lines: string[] } | { done: false; problem: string };

/** What a value may be made of: keys, tokens and ids hold no spaces. */
const VALUE = /^[\x21-\x7e]{1,500}$/;

/**
 * Checks the values by a real call to the channel, keeps them sealed, tells the channel where its hooks go, and makes the first person who connects the
 * desk its admin. `known`: the connection that is changed, whose secrets need not be typed again.
 */
export async function connectDesk(
  tools: Tools,
  say: Say,
  where: { deskId: string; room: string },
  personId: string,
  channelName: string,
  given: Typed,
  known?: Connection,
): Promise<Connected> {
  const { directory, connections, administration } = tools.desk;
  const { form } = directory.channel(channelName);
  const values = cleaned(given);
  const isMissing = (id: string, secret: boolean) => !values[id] && !(secret && known);
  const wrong = form.fields.find(({ id, required, secret }) =>
    values[id] ? !VALUE.test(values[id]) : required && isMissing(id, secret),
  );
  if (wrong) {
    const field = say(`connect.${channelName}.${wrong.id}` as SentenceKey);
    return problem(
      values[wrong.id] ? say('connect.wrongValue', { field }) : `${field}: ${say('connect.required')}`,
      say,
    );
  }
  const of = (secret: boolean) =>
    Object.fromEntries(
      form.fields.flatMap(({ id, secret: is }) =>
        is === secret && id !== form.account && values[id] ? [[id, values[id]]] : [],
      ),
    );
  const optional = form.fields.filter(({ secret, required }) => secret && !required).map(({ id }) => id);
  try {
    const person = await memberFor(tools, where.deskId, personId);
    const credentials = {
      channel: channelName,
      account: values[form.account] ?? '',
      settings: of(false),
      secrets: of(true),
      without: known ? optional.filter((id) => given[dropInput(id)] === 'true') : [],
    };
    const connection = await connections.connect(where.deskId, person, where.room, credentials);
    const { admins } = await administration.read(where.deskId);
    return {
      done: true,
      lines: [
        ...(await connectedLines(tools, connection, say)),
        say('connect.newOnes', { room: await roomName(tools, connection, say) }),
        say('answer.admins', { names: admins.map(({ name }) => name).join(', ') }),
      ],
    };
  } catch (error) {
    // Whoever reads this has the form at hand already.
    const badToken = (error as { code?: unknown }).code === 'karte.unauthorized';
    const reason = badToken ? say('connect.karte.badToken') : sentenceOf(error, say);
    if (reason === undefined) throw error;
    return problem(reason, say);
  }
}

/** What was reached, where the channel's hooks go, whether the channel agrees, and what is left to be done on its side. */
async function connectedLines({ desk, publicUrl }: Tools, connection: Connection, say: Say): Promise<string[]> {
  const channel = desk.directory.channel(connection.channel);
  const url = `${publicUrl}${channel.hookPath(connection.id)}`;
  const findings = (await channel.registerHook?.(connection, url)) ?? [];
  return [
    say('connect.done', { channel: nameOfChannel(connection.channel, say), name: accountName(connection) }),
    say(`connect.${connection.channel}.hook` as SentenceKey, { url }),
    ...findings.map((finding) => findingText(finding, say)),
    say(`connect.${connection.channel}.next` as SentenceKey),
  ];
}

/** The connections of a desk as its card shows them. */
export async function shownConnections({ desk, publicUrl }: Tools, deskId: string): Promise<Shown[]> {
  const [all, rooms] = await Promise.all([desk.connections.list(deskId), roomsOf(desk, deskId)]);
  return all.map((connection) => ({
    connection,
    hookUrl: `${publicUrl}${desk.directory.channel(connection.channel).hookPath(connection.id)}`,
    room: rooms.find(({ id }) => id === connection.room),
  }));
}

/** The team's Teams channels; none where Teams does not say. */
export async function roomsOf({ moves }: Tools['desk'], deskId: string): Promise<Room[]> {
  return moves.rooms(deskId).catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'desk.roomsUnknown') return [];
    throw error;
  });
}

/** The person as the team's roster knows them; guests and strangers may not set a desk up or appoint admins. */
export async function memberFor(tools: Tools, deskId: string, personId: string): Promise<Person> {
  const member = await tools.member(deskId, personId);
  if (!member) throw new Refusal('answer.notMember');
  if (member.guest) throw new Refusal('answer.guest');
  return member.person;
}

async function roomName({ desk }: Tools, { deskId, room }: Connection, say: Say): Promise<string> {
  return nameOf((await roomsOf(desk, deskId)).find(({ id }) => id === room) ?? {}, say);
}

function problem(reason: string, say: Say): Connected {
  return { done: false, problem: `${reason}\n\n${say('connect.notKept')}` };
}

/** What copying brings along: spaces of every kind around a value, full-width letters (`＠`), and invisible characters anywhere. */
function cleaned(values: Typed): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === 'string'
        ? value
            .replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
            .normalize('NFKC')
            .trim()
        : '',
    ]),
  );
}
