import { connectionName, connectionsCard, disconnectCard } from '../cards/connections.ts';
import { settledCard } from '../cards/failure.ts';
import type { Connection } from '../src/desk/settings.ts';
import { speaker } from '../src/text/text.ts';
import { replaceClicked, show, tell } from './answers.ts';
import { memberFor, shownConnections } from './connecting.ts';
import type { Tools } from './facts.ts';
import type { Press, Presser } from './presses.ts';
import { Refusal } from './refusal.ts';

/** How long a press waits for conversations to be deleted (ms): Teams gives up on an answer after 15 s. */
const PATIENCE = 8_000;

/** The buttons of the card of connections, and of the question before one is taken away. Each checks that an admin of the desk presses it. */
export function connectionPresses(tools: Tools): Record<'pauseConnection' | 'disconnect' | 'disconnectNow', Press> {
  const { connections, administration } = tools.desk;

  /** The connection of this desk that the button names, for one of its admins. */
  const chosen = async ({ deskId, person }: Presser, data: Record<string, unknown>): Promise<Connection> => {
    await administration.forAdmin(deskId, await memberFor(tools, deskId, person.id));
    const found = (await connections.list(deskId)).find(({ id }) => id === data.connection);
    if (!found) throw new Refusal('connection.unknown');
    return found;
  };

  return {
    async pauseConnection(context, presser, data) {
      const { deskId, person, locale } = presser;
      const { id } = await chosen(presser, data);
      const paused = data.paused === true;
      const changed = await connections.pause(deskId, person, id, paused);
      const say = speaker(locale);
      // Colleagues have to know, wherever the card stands.
      await tell(
        context,
        say(paused ? 'connections.nowPaused' : 'connections.nowOn', { name: connectionName(changed, say) }),
      );
      await replaceClicked(context, connectionsCard(await shownConnections(tools, deskId), say));
    },

    async disconnect(context, presser, data) {
      await show(context, disconnectCard(await chosen(presser, data), speaker(presser.locale)));
    },

    async disconnectNow(context, presser, data) {
      const { deskId, person, locale } = presser;
      const say = speaker(locale);
      const connection = await chosen(presser, data);
      const values = { name: person.name, connection: connectionName(connection, say) };
      if (data.what !== 'credentials' && data.what !== 'all')
        return replaceClicked(context, settledCard(say('disconnect.kept', values)));
      await connections.disconnect(deskId, person, connection.id);
      if (data.what === 'credentials')
        return replaceClicked(context, settledCard(say('disconnect.doneCredentials', values)));
      await replaceClicked(context, settledCard(say('disconnect.deleting', values)));
      const count = await connections.forget(deskId, person, connection.id, PATIENCE);
      if (count === undefined) return replaceClicked(context, settledCard(say('disconnect.stillDeleting', values)));
      await replaceClicked(context, settledCard(say('disconnect.doneAll', { ...values, count })));
    },
  };
}
