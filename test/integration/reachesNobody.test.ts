import type { Client } from '../../simulator/state.ts';
import { idle, repliesStored, roomyStand, tell } from './moves.ts';
import { conversation, SATO, type Stand, YAMADA } from './stand.ts';

const clients: Client[] = ['desktop', 'web', 'mobile'];

describe('what must reach nobody', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand();
  });
  afterAll(() => s.close());

  test.each(clients)(
    'text outside a customer’s thread is answered with help and sent to nobody, from %s',
    async (client) => {
      await conversation(s.simulator, `bystander-${client}`);
      const before = await repliesStored(s);
      const { words } = await tell(s, YAMADA, {
        channel: s.simulator.state().team.id,
        text: 'お客さまへの返信です',
        client,
      });
      expect(words).toContain('ここはお客さまのスレッドではないため、誰にも送っていません。');
      expect(words).toContain('operator assign');
      await idle(s);
      expect(await repliesStored(s)).toBe(before);
    },
  );

  test('a bare mention is answered with help, in a customer’s thread too', async () => {
    const { customer, thread } = await conversation(s.simulator, 'bare-mention');
    for (const client of clients) {
      const { words } = await tell(s, YAMADA, { thread: thread.id, text: '', client });
      expect(words).toContain('できること');
    }
    await idle(s);
    expect(customer.received).toEqual([]);
  });

  test('colleagues’ talk without a mention of the bot goes nowhere, whatever it says', async () => {
    const { customer, thread } = await conversation(s.simulator, 'overheard');
    const count = thread.posts.length;
    const heard = s.simulator.teams.calls.length;
    const model = await activityOf(s, YAMADA, thread.id);
    for (const [at, text] of [
      'この人困ってそう',
      'operator assign',
      'operater asign',
      'open',
      'help',
      'setup',
      '@KARTE そうですね',
    ].entries()) {
      const { answered } = s.simulator.teams.deliver({
        ...model,
        id: `${model.id}${at}`,
        text,
        entities: [
          {
            type: 'mention',
            mentioned: { id: s.simulator.teams.person(SATO).id, name: SATO },
            text: `<at>${SATO}</at>`,
          },
        ],
        attachments: [],
      });
      expect((await answered)?.attempts[0]?.status).toBe(200);
    }
    await idle(s);
    expect(customer.received).toEqual([]);
    // The model message alone is answered: it mentions the bot.
    expect(s.simulator.teams.calls.length - heard).toBe(1);
    expect(thread.posts.filter(({ fromBot }) => fromBot).length - count).toBe(1);
    expect(customer.state.assignee).toBeNull();
  });
});

/** An activity as Teams sends it for a person's message in a thread, to be changed by the test. */
async function activityOf(s: Stand, who: string, thread: string) {
  const said = s.simulator.teams.say(who, { thread, text: 'help', mentions: ['bot'] });
  await said.answered;
  if (!said.activity) throw new Error('nothing was delivered');
  return said.activity;
}
