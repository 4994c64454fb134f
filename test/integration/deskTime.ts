import type { Rules } from '../../src/desk/rules.ts';
import { type Scene, scene } from '../faults/scene.ts';
import { wordsOf } from './stand.ts';

/** Reminded after half an hour of a Japanese office’s time. */
export const OFFICE: Partial<Rules> = {
  hours: { days: [1, 2, 3, 4, 5], from: 9 * 60, to: 18 * 60, zone: 'Asia/Tokyo', holidays: true },
  remindAfter: 30,
};

/** A moment by the clocks in Tokyo (Unix ms). */
export const tokyo = (wall: string) => Date.parse(`${wall}+09:00`);

/** A desk whose clocks show what the test says, with these rules. */
export async function deskAt(wall: string, rules: Partial<Rules>): Promise<Scene> {
  const s = await scene();
  setTo(s, wall);
  await ruled(s, rules);
  return s;
}

/** Sets the time of day; no time passes. */
export function setTo({ clock }: Scene, wall: string): void {
  clock.set(tokyo(wall) - clock.now());
}

/** Lets time pass until the clocks in Tokyo show this. */
export function passUntil({ clock }: Scene, wall: string): void {
  clock.skip(tokyo(wall) - clock.now());
}

export async function ruled({ running, simulator }: Scene, rules: Partial<Rules>): Promise<void> {
  await running.desk.directory.changeDesk(simulator.state().team.id, (desk) => ({
    ...desk,
    rules: { ...desk.rules, ...rules },
  }));
}

/** What stands in a customer's thread with these words. */
export function postsWith({ simulator }: Scene, threadId: string, words: string) {
  const thread = simulator.teams.threads().find(({ id }) => id === threadId);
  return (thread?.posts ?? []).filter((post) => post.fromBot && wordsOf(post).includes(words));
}
