import type { Thread } from '../../simulator/state.ts';
import { brokenLineCall } from '../contract/lineSchemas.ts';
import { runsOf, type Stand, threadOf, YAMADA } from './stand.ts';

/** Connects the desk with the simulator's first LINE Official Account, webhook and redelivery included; gives the account. */
export async function connectLine({ running, simulator }: Stand) {
  const account = simulator.line.account();
  const { channelId, channelSecret, basicId } = account.state;
  const { team, people } = simulator.state();
  const admin = people.find(({ name }) => name === YAMADA);
  const person = { id: admin?.aadObjectId ?? '', name: YAMADA, teamsId: admin?.id };
  const connection = await running.desk.connections.connect(team.id, person, team.id, {
    channel: 'line',
    account: channelId,
    settings: { basicId },
    secrets: { channelSecret },
  });
  account.connectWebhook(`https://desk.example.test/api/channels/line/${connection.id}`, { redelivery: true });
  return account;
}

/** A LINE customer who has written, and their thread once it shows the words. */
export async function lineConversation({ simulator }: Stand, name = '伊藤 さくら', words = 'こんにちは') {
  const customer = simulator.line.customer({ name });
  customer.write(words);
  const thread = await simulator.waitFor(() => {
    const found = threadOf(simulator, name);
    return found?.posts.slice(1).some((post) => runsOf(post).includes(words)) ? found : undefined;
  });
  return { customer, thread };
}

/** Pushes that LINE was asked for. */
export function pushes({ simulator }: Stand) {
  return simulator.line.calls.filter(({ path }) => path === '/v2/bot/message/push');
}

/** What the product and LINE said to one another that does not fit LINE's own files. */
export function broken({ simulator }: Stand): string[] {
  return simulator.line.calls.flatMap(brokenLineCall);
}

/** The words shown below a thread's card. */
export function wordsIn(thread: Thread): string[] {
  return thread.posts.slice(1).flatMap(runsOf);
}
