import type { Connection, Room } from '../src/desk/settings.ts';
import type { Say, SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, brief, button, type Drawn, formButton, line, moment, verbatim } from './card.ts';
import { nameOfChannel } from './connect.ts';
import { nameOf } from './move.ts';

/** The commands that the card’s buttons run. */
export const connectionButtons = ['connect'] as const;

const LONGEST_NAME = 60;

/** More than these on one card are beyond what Teams takes. */
const MOST = 8;

/** A connection with the address of its hooks and the Teams channel of its new conversations, where that is known. */
export interface Shown {
  connection: Connection;
  hookUrl: string;
  room?: Room;
}

/** Every account that the desk works with, each with its state and what an admin can do about it. */
export function connectionsCard(shown: readonly Shown[], say: Say): Drawn {
  const title = say('connections.title');
  const body = [
    line(title, { weight: 'Bolder', size: 'Medium' }),
    ...(shown.length === 0 ? [line(say('connections.none'))] : []),
    ...shown.slice(0, MOST).map((each) => sectionOf(each, say)),
    ...(shown.length > MOST ? [line(say('connections.more', { count: shown.length - MOST }))] : []),
  ];
  const more = {
    type: 'Action.Submit',
    title: say('connections.add'),
    data: { madoguchi: 'command', command: 'connect' },
  };
  return { card: adaptiveCard(title, body, [more]), summary: title };
}

const answers = {
  credentials: 'disconnect.credentials',
  all: 'disconnect.all',
  nothing: 'disconnect.nothing',
} as const;

/** Asks before credentials, and perhaps conversations, are deleted. One that was taken away already has only its conversations left. */
export function disconnectCard(connection: Connection, say: Say): Drawn {
  const gone = connection.disconnectedAt !== undefined;
  const title = say(gone ? 'disconnect.deleteTitle' : 'disconnect.title', { name: connectionName(connection, say) });
  const press = (what: 'credentials' | 'all' | 'nothing', words: SentenceKey = answers[what]) =>
    button(say(words), { madoguchi: 'disconnectNow', connection: connection.id, what });
  const [texts, actions] = gone
    ? [[say('disconnect.allText')], [press('all', 'disconnect.delete'), press('nothing')]]
    : [
        [say('disconnect.text'), say('disconnect.allText')],
        [press('credentials'), press('all'), press('nothing')],
      ];
  // The account's name is not ours.
  const body = [verbatim(title, { weight: 'Bolder' }), ...texts.map((text) => line(text))];
  return { card: adaptiveCard(title, body, actions), summary: title };
}

/** The channel and the account, as people know it. */
export function connectionName(connection: Connection, say: Say): string {
  return say('connections.name', { channel: nameOfChannel(connection.channel, say), name: accountName(connection) });
}

/** The account, as people know it; else by its public key. */
export function accountName({ settings, account }: Connection): string {
  const known = [settings.displayName, settings.basicId].filter(Boolean).join(' ');
  return brief(known || account, LONGEST_NAME);
}

function sectionOf({ connection, hookUrl, room }: Shown, say: Say): object {
  const { id, disconnectedAt, pausedAt, updatedAt, channel, forgettingSince, forgottenAt } = connection;
  const state: SentenceKey =
    disconnectedAt !== undefined
      ? 'connections.disconnected'
      : pausedAt === undefined
        ? 'connections.on'
        : 'connections.paused';
  const since = disconnectedAt ?? pausedAt ?? updatedAt;
  const there = disconnectedAt === undefined;
  const actions = [
    formButton(
      say(there ? 'connections.change' : 'connections.again'),
      'connect',
      {},
      { channel, ...(there ? { connection: id } : {}) },
    ),
    ...(there
      ? [
          button(say(pausedAt === undefined ? 'connections.pause' : 'connections.resume'), {
            madoguchi: 'pauseConnection',
            connection: id,
            paused: pausedAt === undefined,
          }),
          button(say('connections.disconnect'), { madoguchi: 'disconnect', connection: id }),
        ]
      : forgottenAt === undefined
        ? [button(say('connections.delete'), { madoguchi: 'disconnect', connection: id })]
        : []),
  ];
  return {
    type: 'Container',
    separator: true,
    items: [
      verbatim(connectionName(connection, say), { weight: 'Bolder' }),
      line(say(state, { since: moment(since) }), { color: pausedAt === undefined && there ? 'Good' : 'Warning' }),
      ...(forgettingSince === undefined ? [] : [line(say('connections.forgetting'), { color: 'Warning' })]),
      verbatim(say('connections.room', { room: nameOf(room ?? {}, say) }), { isSubtle: true, size: 'Small' }),
      ...(there ? [verbatim(hookUrl, { isSubtle: true, size: 'Small' })] : []),
      { type: 'ActionSet', actions },
    ],
  };
}
