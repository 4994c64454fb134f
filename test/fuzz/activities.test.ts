import fc from 'fast-check';
import { conversation, SATO, type Stand, stand, YAMADA } from '../integration/stand.ts';
import { mutated, SEED } from './mutations.ts';

const RUNS = 2_000;
const AT_ONCE = 8;

type Fields = Record<string, unknown>;

describe('whatever is posted as an activity in local mode', () => {
  const surprises: unknown[] = [];
  const note = (error: unknown) => surprises.push(error);
  let s: Stand;

  beforeAll(async () => {
    process.on('uncaughtExceptionMonitor', note);
    process.on('unhandledRejection', note);
    s = await stand({ simulator: { enforceLimits: false } });
  });
  afterAll(async () => {
    process.off('uncaughtExceptionMonitor', note);
    process.off('unhandledRejection', note);
    await s.close();
  });

  test(`${RUNS} activities, seed ${SEED}: an answer without detail, nothing to the customer, and the desk goes on`, async () => {
    const { simulator } = s;
    const { customer, thread } = await conversation(simulator, 'fuzzed-customer');
    const inputs = fc.sample(fc.oneof(...(await originals(thread.id)).map((activity) => mutatedActivity(activity))), {
      seed: SEED,
      numRuns: RUNS,
    });
    const seen = new Map<number, number>();
    let next = 0;
    const worker = async () => {
      for (let at = next++; at < inputs.length; at = next++) {
        const input = inputs[at] ?? '';
        const answer = await fetch(`${s.running.url}/api/messages`, { method: 'POST', body: input });
        const text = await answer.text();
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
        const wrong = wrongWith(answer.status, text);
        if (wrong)
          throw new Error(
            `run ${at}, seed ${SEED}: ${wrong}: ${answer.status} ${text.slice(0, 300)}\n${input.slice(0, 3_000)}\n${JSON.stringify(s.log.lines.at(-1), told)}`,
          );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect([...seen.keys()].sort()).toEqual([200, 400, 403, 501]);
    await nothingWaits();
    expect(customer.received.map(({ text }) => text)).toEqual([]);
    expect(surprises).toEqual([]);

    simulator.teams.say(YAMADA, { thread: thread.id, text: 'お待たせいたしました。', mentions: ['bot'] });
    await simulator.waitFor(() => customer.received[0]);
    expect(customer.received.map(({ text }) => text)).toEqual(['お待たせいたしました。']);
  }, 120_000);

  /** One activity of each kind that Teams sends, as the simulator made it. None of them is meant for the customer. */
  async function originals(threadId: string): Promise<Fields[]> {
    const { teams, karte } = s.simulator;
    const { team } = s.simulator.state();
    const help = teams.say(SATO, { thread: threadId, text: 'help', mentions: ['bot'] });
    const near = teams.say(SATO, {
      thread: threadId,
      text: 'operater assign',
      mentions: ['bot', YAMADA],
      client: 'mobile',
    });
    const root = teams.say(SATO, { channel: team.id, text: 'setup', mentions: ['bot'] });
    await Promise.all([help.settled, near.settled, root.settled]);
    const message = (said: { activity?: object }) => said.activity as Fields;
    const base = message(help);
    const without = { ...base, text: undefined, attachments: undefined };
    const { apiKey } = karte.project;
    const values: Fields[] = [
      { madoguchi: 'sendAgain', lane: team.id, delivery: 'x' },
      { madoguchi: 'markDelivered', lane: team.id, delivery: 'x' },
      { madoguchi: 'confirm', dialog: 'x', choice: 'send', command: 'help' },
    ];
    const form = { madoguchi: 'setup', apiKey, accessToken: 'test-x', botId: 'b', clientSecret: 'test-y' };
    const bot = base.recipient as object;
    return [
      base,
      message(near),
      message(root),
      ...values.map((value) => ({ ...without, value, replyToId: help.post.id })),
      { ...without, type: 'invoke', name: 'task/fetch', value: { data: { madoguchi: 'setup' } } },
      { ...without, type: 'invoke', name: 'task/submit', value: { data: form } },
      { ...without, type: 'conversationUpdate', membersAdded: [base.from] },
      { ...without, type: 'conversationUpdate', membersRemoved: [bot], channelData: { team: { id: 'another' } } },
      { ...without, type: 'messageReaction', reactionsAdded: [{ type: 'like' }] },
      { ...without, type: 'messageUpdate', text: 'help' },
    ];
  }

  async function nothingWaits(): Promise<void> {
    for (;;) {
      const { waiting } = (await (await fetch(`${s.running.url}/readyz`)).json()) as { waiting: number };
      if (waiting === 0) return;
      await new Promise(setImmediate);
    }
  }
});

/** Another text would be a reply that somebody wrote: a command stays one, and all around it changes. */
function mutatedActivity(activity: Fields): fc.Arbitrary<string> {
  return fc.tuple(mutated(activity), fc.uuid()).map(([changed, id]) => {
    if (typeof changed !== 'object' || changed === null) return JSON.stringify(changed) ?? '';
    const fields = changed as Fields;
    if (typeof fields.text === 'string') fields.text = activity.text;
    return JSON.stringify(typeof fields.id === 'string' ? { ...fields, id } : fields);
  });
}

function wrongWith(status: number, text: string): string | undefined {
  if (![200, 400, 403, 501].includes(status)) return 'not a documented status';
  if (/\.ts\b|node_modules| {4}at |test-karte-(?:client|access)|test-x|test-y/.test(text)) return 'tells something';
  if (status === 200) return undefined;
  const body = JSON.parse(text);
  const { code, message } = body.error ?? {};
  return Object.keys(body).length === 1 && /^[a-zA-Z.]+$/.test(code) && message
    ? undefined
    : 'not the documented shape';
}

function told(_: string, value: unknown): unknown {
  return value instanceof Error ? `${value.stack}` : value;
}
