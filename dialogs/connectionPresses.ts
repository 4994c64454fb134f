import { connectionName, connectionsCard, disconnectCard } from '../cards/connections.ts';
import { settledCard } from '../cards/failure.ts';
import type { Connection } from '../src/desk/settings.ts';
import { speaker } from '../src/text/text.ts';
import { replaceClicked, show } from './answers.ts';
import { memberFor, shownConnections } from './connecting.ts';
import type { Tools } from './facts.ts';
import type { Press, Presser } from './presses.ts';
import { Refusal } from './refusal.ts';

/** The buttons of the card of connections, and of the question before one is taken away. Each checks that an admin of the desk presses it. */
export function connectionPresses(tools: Tools): Record<'pauseConnection' | 'disconnect' | 'disconnectNow', Press> {
  const { connections, administration, erasure } = tools.desk;

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
      await connections.pause(deskId, person, id, data.paused === true);
      await replaceClicked(context, connectionsCard(await shownConnections(tools, deskId), speaker(locale)));
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
      const count = await erasure.erase(connection.id);
      await replaceClicked(context, settledCard(say('disconnect.doneAll', { ...values, count })));
    },
  };
}
