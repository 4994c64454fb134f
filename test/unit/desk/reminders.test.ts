import type { Conversation } from '../../../src/desk/conversation.ts';
import type { Delivery } from '../../../src/desk/delivery.ts';
import type { Directory } from '../../../src/desk/directory.ts';
import type { Lanes } from '../../../src/desk/lanes.ts';
import type { Wait } from '../../../src/desk/ports.ts';
import { Reminders } from '../../../src/desk/reminders.ts';
import { Sequence } from '../../../src/desk/sequence.ts';
import { Documents, type Mishap } from './memory.ts';
import { Time } from './time.ts';

/** What several processes share. */
function stage() {
  const time = new Time();
  const waits = new Documents<Wait>('id', 'dueAt');
  const conversations = new Documents<Conversation>('id', 'createdAt');
  const deliveries = new Documents<Delivery>('lane', 'order');
  const began = time.env().now();
  const process = (mishap: (method: string) => Mishap = () => ({})) => {
    const env = time.env();
    const own = deliveries.seenBy();
    const reminders = new Reminders({
      records: {
        waits: waits.seenBy(mishap, (ms) => time.sleep(ms)),
        conversations: conversations.seenBy(),
      },
      env,
      directory: {
        desk: async () => ({ rules: { remindAfter: 1 } }),
        link: async () => undefined,
      } as unknown as Directory,
      lanes: { enter: async (delivery: Delivery) => (await own.insert(delivery)) !== undefined } as Lanes,
      sequence: new Sequence(env.now),
      isHoliday: () => false,
      retention: 1_000_000,
    });
    reminders.start();
    return reminders;
  };
  const customer = async (id: string) => {
    const conversation = { id, room: 'room', deskId: 'desk', unansweredSince: began } as Conversation;
    await conversations.seenBy().insert(conversation);
    await waits.seenBy().insert({ id: `wait of ${id}`, conversationId: id, since: began, dueAt: began + 60_000 });
  };
  const entered = () => deliveries.seenBy().find({});
  const left = () => waits.seenBy().find({});
  return { time, waits, process, customer, entered, left };
}

describe('reminders', () => {
  test('of two processes that look at the same moment are one', async () => {
    const { time, process, customer, entered, left } = stage();
    // Each has read what is due before the other has removed it.
    const slow = (method: string) => (method === 'find' ? { after: 500 } : {});
    const both = [process(slow), process(slow)];
    await customer('a');
    await time.pass(100_000);
    expect(await entered()).toHaveLength(1);
    expect(await left()).toEqual([]);
    for (const each of both) each.stop();
  });

  test('of many who are due at once are all made, a hundred in a look', async () => {
    const { time, waits, process, customer, entered, left } = stage();
    for (let at = 0; at < 250; at += 1) await customer(`c${at}`);
    await time.pass(59_000);
    const reminders = process();
    await time.pass(34_000);
    expect(await entered()).toHaveLength(250);
    expect(await left()).toEqual([]);
    expect(waits.calls.find).toBeLessThanOrEqual(5);
    reminders.stop();
  });

  test('that fail stand in nobody’s way, and are made later', async () => {
    const { time, process, customer, entered, left } = stage();
    let failing = true;
    const reminders = process((method) => ({ away: method === 'remove' && failing }));
    await customer('a');
    await time.pass(100_000);
    expect((await left()).map(({ value }) => value.dueAt - time.env().now() > 400_000)).toEqual([true]);
    failing = false;
    await time.pass(1_000_000);
    expect(await entered()).toHaveLength(1);
    expect(await left()).toEqual([]);
    reminders.stop();
  });

  test('are made by nobody who has stopped', async () => {
    const { time, process, customer, entered } = stage();
    const reminders = process();
    await customer('a');
    reminders.stop();
    await time.pass(200_000);
    expect(await entered()).toEqual([]);
    expect(time.timers).toBe(0);
  });
});
