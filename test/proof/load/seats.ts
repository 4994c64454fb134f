import type { CustomerHandle } from '../../../simulator/karte/customer.ts';
import type { Thread } from '../../../simulator/state.ts';
import type { Site } from './site.ts';
import { saidIn, textOf } from './texts.ts';
import { pooled, until } from './until.ts';

/** An end user whose thread is there. */
export interface Seat {
  user: number;
  customer: CustomerHandle;
  thread: Thread;
}

/** Lets so many end users write their first message (number 0), each in the Teams channel that `room` says, and waits for the threads. */
export async function seat({ simulator }: Site, count: number, room?: (user: number) => string): Promise<Seat[]> {
  const users = Array.from({ length: count }, (_, user) => user);
  const customerOf = (user: number) => simulator.karte.customer({ user_id: keyOf(user) });
  await pooled(users, 20, async (user) => {
    const channel = room?.(user);
    const metadata = channel === undefined ? undefined : { ms_teams: { channel: encodeURIComponent(channel) } };
    await customerOf(user).write(textOf(user, 0), { metadata }).answered;
  });
  const threads = await until(() => {
    const found = new Map<number, Thread>();
    for (const thread of simulator.teams.threads())
      for (const post of thread.posts) for (const { user } of saidIn(post)) found.set(user, thread);
    return found.size === count && found;
  }, 120_000);
  return users.map((user) => ({ user, customer: customerOf(user), thread: threads.get(user) as Thread }));
}

export function keyOf(user: number): string {
  return `member-${user}`;
}

export function usersOf(seats: Seat[]): number[] {
  return seats.map(({ user }) => user);
}
