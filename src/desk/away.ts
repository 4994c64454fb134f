import type { Conversation } from './conversation.ts';
import type { Directory } from './directory.ts';
import { type IsHoliday, isOpen } from './hours.ts';
import { wallOf } from './localTime.ts';
import type { Message } from './message.ts';
import type { Environment } from './ports.ts';
import { Recent } from './recent.ts';
import { rulesOf } from './rules.ts';

interface Parts {
  env: Environment;
  directory: Directory;
  isHoliday: IsHoliday;
}

/** What a customer is told who writes outside of business hours. */
export class Away {
  readonly #parts: Parts;
  /** The ids of what was stored from here: not to be tried again with each message of a night. */
  readonly #stored = new Recent<true>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The message that is due now, under an id which is the same all day, so that it is said once; the desk's day is meant. */
  async messageFor({ id, deskId }: Conversation): Promise<{ id: string; message: Message } | undefined> {
    const { env, directory, isHoliday } = this.#parts;
    const desk = await directory.desk(deskId);
    if (!desk) return undefined;
    const { away, hours } = rulesOf(desk);
    const now = env.now();
    if (away === '' || isOpen(hours, now, isHoliday)) return undefined;
    const awayId = env.digest(`away\n${id}\n${wallOf(now, hours.zone).date}`);
    if (this.#stored.get(awayId)) return undefined;
    const message: Message = { author: { kind: 'bot' }, parts: [{ kind: 'text', text: away }], at: now };
    return { id: awayId, message };
  }

  /** It is stored now. */
  stored(id: string): void {
    this.#stored.set(id, true);
  }
}
