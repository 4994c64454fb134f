import type { Conversation } from '../../../src/desk/conversation.ts';
import type { CourierParts } from '../../../src/desk/courier.ts';
import { HandOut, handOutOf } from '../../../src/desk/handOut.ts';
import type { Passage } from '../../../src/desk/passage.ts';
import type { Environment } from '../../../src/desk/ports.ts';
import type { Rules } from '../../../src/desk/rules.ts';
import type { OperatorLink } from '../../../src/desk/settings.ts';
import { Documents } from './memory.ts';

const DESK = 'desk';

/** Several processes over the same records and the same channel, each with its own counts. */
function site(rules: Partial<Rules>, people: number, processes: number) {
  const operators = new Documents<OperatorLink>('deskId', 'linkedAt');
  const conversations = new Documents<Conversation>('id', 'createdAt');
  const assignees = new Map<string, string>();
  const said: string[] = [];
  let now = 1_000_000;
  const env = {
    now: () => ++now,
    elapsed: () => now,
    digest: (text: string) => text,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  } as unknown as Environment;
  const slow = () => ({ before: Math.floor(Math.random() * 3), after: Math.floor(Math.random() * 3) });
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const channel = {
    assignee: async (_: unknown, { key }: { key: string }) => {
      await sleep(1);
      const id = assignees.get(key);
      return id === undefined ? null : { id };
    },
    assign: async (_: unknown, { key }: { key: string }, { id }: { id: string }) => {
      await sleep(1);
      assignees.set(key, id);
      return { kind: 'delivered' };
    },
  };
  const records = { operators: operators.seenBy(slow, sleep), conversations: conversations.seenBy(slow, sleep) };
  const directory = {
    contextOf: async () => ({ desk: { id: DESK, rules }, connection: {}, channel }),
    changeConversation: async (id: string, change: (value: Conversation) => Conversation) => {
      for (;;) {
        const found = await records.conversations.read(id, id);
        if (!found) throw new Error('there is no such conversation');
        const written = await records.conversations.replace(change(found.value), found.version);
        if (written) return written;
      }
    },
  };
  const parts = {
    records,
    env,
    directory,
    cards: { refresh: () => undefined },
    sequence: { next: () => now },
    insist: { on: (work: () => unknown) => work() },
    retention: 1,
  } as unknown as CourierParts;
  const enter = async ({ content }: { content: { type: string } }) => said.push(content.type) > 0;
  const all = Array.from({ length: processes }, () => new HandOut(parts, enter, () => undefined));
  const passage = { mayStart: async () => undefined } as Passage;
  const ready = Promise.all(
    Array.from({ length: people }, (_, at) =>
      records.operators.insert({
        id: `p${at}`,
        deskId: DESK,
        person: { id: `p${at}`, name: `p${at}` },
        operatorId: `op${at}`,
        linkedAt: 0,
        onSince: 1 + at,
      }),
    ),
  );
  return {
    said,
    links: async () => (await records.operators.find({ partition: DESK })).map(({ value }) => value),
    async handOut(count: number) {
      await ready;
      await Promise.all(
        Array.from({ length: count }, async (_, at) => {
          const id = `c${at}`;
          const conversation: Conversation = {
            id,
            deskId: DESK,
            connectionId: 'x',
            endUser: { key: id },
            room: 'room',
            status: 'open',
            createdAt: at,
          };
          await records.conversations.insert(conversation);
          const delivery = handOutOf(conversation, `d${at}`, { order: at, now: 0, retention: 1 });
          let outcome = await all[at % processes]?.carryOut(delivery, passage);
          while (outcome?.kind === 'refused' && outcome.transient)
            outcome = await all[at % processes]?.carryOut(delivery, passage);
        }),
      );
      const got = new Map<string, number>();
      for (const id of assignees.values()) got.set(id, (got.get(id) ?? 0) + 1);
      return got;
    },
  };
}

test('two processes at once give nobody more than the capacity', async () => {
  const { handOut, said } = site({ handOut: 'roundRobin', capacity: 3 }, 3, 2);
  expect(Object.fromEntries(await handOut(20))).toEqual({ op0: 3, op1: 3, op2: 3 });
  expect(said).toHaveLength(9);
});

test.each(['roundRobin', 'leastOpen'] as const)('three processes at once share evenly (%s)', async (rule) => {
  const { handOut } = site({ handOut: rule }, 4, 3);
  const got = [...(await handOut(24)).values()];
  expect(got).toEqual([6, 6, 6, 6]);
});

test('each of them is noted on the link that got it', async () => {
  const { handOut, links } = site({ handOut: 'roundRobin' }, 2, 2);
  await handOut(4);
  const turns = (await links()).map(({ handedOutAt }) => handedOutAt ?? 0);
  expect(new Set(turns).size).toBe(2);
  expect((await links()).flatMap(({ claims = [] }) => claims.map(({ id }) => id)).toSorted()).toEqual([
    'c0',
    'c1',
    'c2',
    'c3',
  ]);
});
