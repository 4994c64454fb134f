import { connectOfferCard } from '../../cards/connect.ts';
import { connectionName, connectionsCard, disconnectCard } from '../../cards/connections.ts';
import type { Connection } from '../../src/desk/settings.ts';
import { show } from '../answers.ts';
import { connectDesk, memberFor, shownConnections } from '../connecting.ts';
import type { CommandTurn, Runs } from './command.ts';

/** The channel whose four values people know to write behind `setup`. */
const SETUP = 'karte';

/** The accounts of channels that the desk works with. */
export const connections: Runs<'setup' | 'connect' | 'connections' | 'pause' | 'resume' | 'disconnect'> = {
  async setup({ values }, turn) {
    if (values.length > 0) return setUpFromText(values, turn);
    await show(turn.context, connectOfferCard([SETUP], turn.say));
    return undefined;
  },

  async connect({ channel }, { context, tools, say }) {
    await show(context, connectOfferCard(channel ? [channel] : tools.desk.directory.channels(), say));
    return undefined;
  },

  async connections(_command, turn) {
    await showAll(turn);
    return undefined;
  },

  pause: switching(true),
  resume: switching(false),

  async disconnect({ channel }, turn) {
    await adminOf(turn);
    const connection = await theOne(turn, channel, ({ disconnectedAt }) => disconnectedAt === undefined);
    if (connection) await show(turn.context, disconnectCard(connection, turn.say));
    else await showAll(turn);
    return undefined;
  },
};

/** Pauses or resumes the one connection that can be meant; where several can, they are shown with their buttons. */
function switching(paused: boolean) {
  return async ({ channel }: { channel?: string }, turn: CommandTurn): Promise<string | undefined> => {
    const { tools, facts, say } = turn;
    const by = await adminOf(turn);
    const connection = await theOne(
      turn,
      channel,
      ({ pausedAt, disconnectedAt }) => disconnectedAt === undefined && (pausedAt === undefined) === paused,
    );
    if (!connection) {
      await showAll(turn);
      return undefined;
    }
    await tools.desk.connections.pause(facts.deskId, by, connection.id, paused);
    const name = connectionName(connection, say);
    return say(paused ? 'connections.nowPaused' : 'connections.nowOn', { name });
  };
}

async function theOne(
  { tools, facts }: CommandTurn,
  channel: string | undefined,
  fits: (connection: Connection) => boolean,
): Promise<Connection | undefined> {
  const all = await tools.desk.connections.list(facts.deskId);
  const possible = all.filter((each) => fits(each) && (channel === undefined || each.channel === channel));
  return possible.length === 1 ? possible[0] : undefined;
}

/** Whoever acts now: the one who writes, or who presses “run” below a mistyped command of somebody else. */
async function adminOf({ context, tools, facts }: CommandTurn) {
  const by = await memberFor(tools, facts.deskId, context.activity.from.id);
  await tools.desk.administration.forAdmin(facts.deskId, by);
  return by;
}

async function showAll({ context, tools, facts, say }: CommandTurn): Promise<void> {
  await show(context, connectionsCard(await shownConnections(tools, facts.deskId), say));
}

/** The old form with its values in the channel: it works, and the message has to go. */
async function setUpFromText(values: string[], { facts, tools, say }: CommandTurn): Promise<string> {
  const remove = say('setup.deleteMessage');
  const required = tools.desk.directory.channel(SETUP).form.fields.filter((field) => field.required);
  if (values.length !== required.length) return `${say('setup.wrongCount', { count: values.length })}\n\n${remove}`;
  const typed = Object.fromEntries(required.map(({ id }, at) => [id, values[at] ?? '']));
  const result = await connectDesk(tools, say, facts, facts.person.id, SETUP, typed);
  return [...(result.done ? result.lines : [result.problem]), remove].join('\n\n');
}
