import { Alarms } from '../../../src/desk/alarms.ts';
import type { Delivery } from '../../../src/desk/delivery.ts';
import type { Directory } from '../../../src/desk/directory.ts';
import { Gates } from '../../../src/desk/gates.ts';
import type { Outcome } from '../../../src/desk/outcome.ts';
import type { TeamsPort } from '../../../src/desk/ports.ts';
import { PrivateNotices } from '../../../src/desk/privateNotices.ts';
import type { DeskSettings } from '../../../src/desk/settings.ts';
import { aDelivery } from './entries.ts';
import { Time } from './time.ts';

const LONG = 24 * 60 * 60_000;
const NOT_NOW: Outcome = { kind: 'refused', code: 'teams.throttled', transient: true };
const SATO = { id: 'sato', name: '佐藤' };

/** A desk with two admins, whose Teams answers each private message after a second as `answers` says. */
function stage(answers: () => Outcome) {
  const time = new Time();
  const env = time.env();
  const told: string[] = [];
  const answer = async (whom: string) => {
    told.push(whom);
    await time.sleep(1_000);
    return answers();
  };
  const desk = { id: 'desk', tenantId: 'tenant', admins: [{ id: 'a1' }, { id: 'a2' }] } as DeskSettings;
  const parts = {
    env,
    gates: new Gates(env, { room: [], tenant: [], reactions: [] }),
    directory: {
      desk: async () => desk,
      changeConversation: async () => ({ value: { deskId: 'desk', thread: { id: 'room;messageid=1' } } }),
    } as unknown as Directory,
    teams: {
      tellPrivately: (_desk: unknown, _thread: unknown, { id }: { id: string }) => answer(id),
      tellOfParked: (_desk: unknown, _thread: unknown, { id }: { id: string }) => answer(id),
    } as unknown as TeamsPort,
  };
  const card = (order: number): Delivery => {
    const { content } = aDelivery(order);
    if (content.type !== 'message') throw new Error('a message fails here');
    const failure = { kind: 'refused', code: 'karte.badRequest', transient: false } as const;
    const { message } = content;
    return aDelivery(order, {
      content: { type: 'failure', deliveryId: `failed ${order}`, failure, message, toward: 'endUser' },
    });
  };
  return { time, told, notices: new PrivateNotices(parts), alarms: new Alarms(parts), card };
}

describe('a private message that Teams could not take', () => {
  const said = { sentence: 'edited.picturesStay' } as const;
  const tell = (notices: PrivateNotices) => notices.tell('desk', 'room;messageid=1', SATO, said);

  test('is tried again until the desk stops, and then no more', async () => {
    const { time, told, notices } = stage(() => NOT_NOW);
    void tell(notices);
    await time.pass(2_000);
    expect(time.timers).toBe(1);
    notices.close();
    expect(time.timers).toBe(0);
    await time.pass(LONG);
    expect(told).toEqual(['sato']);
  });

  test('is tried again when the desk goes on', async () => {
    const { time, told, notices } = stage(() => NOT_NOW);
    void tell(notices);
    await time.pass(LONG);
    expect(told).toEqual(['sato', 'sato', 'sato']);
  });

  test('is not tried again when Teams answers only after the stop', async () => {
    const { time, told, notices } = stage(() => NOT_NOW);
    void tell(notices);
    await time.pass(500);
    notices.close();
    await time.pass(LONG);
    expect(told).toEqual(['sato']);
    expect(time.timers).toBe(0);
  });

  test('is not begun after the stop', async () => {
    const { time, told, notices } = stage(() => ({ kind: 'delivered' }));
    notices.close();
    void tell(notices);
    await time.pass(LONG);
    expect(told).toEqual([]);
  });
});

describe('admins', () => {
  const delivered = (): Outcome => ({ kind: 'delivered' });

  test('are called once for what is parked within five minutes, and again for what was parked since', async () => {
    const { time, told, alarms, card } = stage(delivered);
    alarms.shown(card(1));
    await time.pass(10_000);
    alarms.shown(card(2));
    await time.pass(LONG);
    expect(told).toEqual(['a1', 'a2', 'a1', 'a2']);
  });

  test('are not called for it when the desk stops meanwhile', async () => {
    const { time, told, alarms, card } = stage(delivered);
    alarms.shown(card(1));
    await time.pass(10_000);
    alarms.shown(card(2));
    alarms.close();
    await time.pass(LONG);
    expect(told).toEqual(['a1', 'a2']);
    expect(time.timers).toBe(0);
  });

  test('are not called one after the other any more when the desk stops between two of them', async () => {
    const { time, told, alarms, card } = stage(delivered);
    alarms.shown(card(1));
    await time.pass(500);
    alarms.close();
    await time.pass(LONG);
    expect(told).toEqual(['a1']);
  });

  test('are not called for a card that is shown while the desk stops', async () => {
    const { time, told, alarms, card } = stage(delivered);
    alarms.close();
    alarms.shown(card(1));
    await time.pass(LONG);
    expect(told).toEqual([]);
    expect(time.timers).toBe(0);
  });
});
