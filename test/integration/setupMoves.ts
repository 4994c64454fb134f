import type { InvokeAnswer } from '../../simulator/state.ts';
import { button, idle, tell } from './moves.ts';
import { runsOf, type Stand, threadOf, YAMADA } from './stand.ts';

interface Field {
  id: string;
  style?: string;
  value?: string;
  isRequired?: boolean;
}

interface Task {
  type: string;
  value: string & { card: { content: { body: Field[] } } };
}

/** What the bot answered to a press or to a form. */
export const taskOf = ({ body }: InvokeAnswer): Task => (body as { task: Task }).task;

/** The fields of the form that is shown. Throws when the answer is a last word instead. */
export function formOf(answer: InvokeAnswer): Field[] {
  const { type, value } = taskOf(answer);
  if (type !== 'continue') throw new Error(`no form, but: ${value}`);
  return value.card.content.body;
}

/** What people do while they set a desk up, and what has come of it. `stand` gives the stand of the running test. */
export function setupMoves(stand: () => Stand) {
  const say = (text: string, who = YAMADA) => tell(stand(), who, { channel: stand().simulator.state().team.id, text });
  const values = () => {
    const { apiKey, accessToken, botId, clientSecret } = stand().simulator.karte.project;
    return { madoguchi: 'setup', apiKey, accessToken, botId, clientSecret };
  };
  async function offered(who = YAMADA) {
    const { posts } = await say('setup', who);
    return { post: posts[0], data: button(posts[0], 'フォームを開く') };
  }
  return {
    say,
    values,
    offered,
    async submit(more: Record<string, unknown> = {}, who = YAMADA) {
      const { post } = await offered(who);
      return stand().simulator.teams.submitTask(who, post?.id ?? '', { ...values(), ...more });
    },
    secrets: () => [values().accessToken, values().clientSecret],
    connections: async () => (await stand().store.connections.find({})).map(({ value }) => value),
    admins: async () =>
      (await stand().store.desks.find({})).flatMap(({ value }) => value.admins.map(({ name }) => name)),
    /** Whether a new customer's message is shown and its answer arrives. */
    async works(key = 'after-setup'): Promise<boolean> {
      const { simulator } = stand();
      await simulator.karte.customer({ user_id: key }).write('届きますか').settled;
      await idle(stand());
      const thread = threadOf(simulator, key);
      if (!thread?.posts.slice(1).flatMap(runsOf).includes('届きますか')) return false;
      await tell(stand(), YAMADA, { thread: thread.id, text: 'はい' });
      await idle(stand());
      return simulator.karte.customer(key).received.length === 1;
    },
  };
}
