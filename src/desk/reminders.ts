import type { Conversation } from './conversation.ts';
import type { Delivery } from './delivery.ts';
import type { Directory } from './directory.ts';
import { type IsHoliday, whenOpen } from './hours.ts';
import type { Lanes } from './lanes.ts';
import { wallOf } from './localTime.ts';
import type { Environment, Records, Versioned, Wait } from './ports.ts';
import { dueAfter, type Rules, rulesOf } from './rules.ts';
import type { Sequence } from './sequence.ts';
import type { Person } from './settings.ts';

/** How often a process looks for customers who have waited too long (ms), and by how much more or less at most. */
const EVERY = 30_000;
const JITTER = 0.2;

/** How many waits one look goes through, one after the other; when there are more, the next look comes sooner (ms). */
const AT_ONCE = 100;
const SOON = 1_000;

/** A wait that can't be looked at stands in nobody's way for so long (ms). */
const LATER = 10 * 60_000;

interface Parts {
  records: Pick<Records, 'waits' | 'conversations'>;
  env: Environment;
  directory: Directory;
  lanes: Lanes;
  sequence: Sequence;
  isHoliday: IsHoliday;
  /** How long message content is kept (ms). */
  retention: number;
}

/**
 * Reminds a thread of a customer who has waited too long, once for each time they wait. Every process looks; whoever comes first stores the
 * reminder, under an id that is the same for all.
 */
export class Reminders {
  readonly #parts: Parts;
  #cancel?: () => void;
  #stopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(): void {
    const { env } = this.#parts;
    this.#plan(EVERY * (1 - JITTER + 2 * JITTER * env.random()));
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  #plan(ms: number): void {
    if (this.#stopped) return;
    const { env } = this.#parts;
    this.#cancel = env.later(ms, () => {
      this.#sweep().then(
        (more) => (more ? this.#plan(SOON) : this.start()),
        (error: unknown) => {
          env.log.warn({ err: error }, 'customers who wait could not be looked for');
          this.start();
        },
      );
    });
  }

  /** Resolves true when there is more than was looked at. */
  async #sweep(): Promise<boolean> {
    const { records, env } = this.#parts;
    const due = await records.waits.find({ from: 0, to: env.now(), order: 'ascending', limit: AT_ONCE });
    for (const wait of due) {
      if (this.#stopped) return false;
      try {
        await this.#look(wait);
      } catch (error) {
        env.log.warn({ err: error, conversationId: wait.value.conversationId }, 'a customer could not be reminded of');
        await this.#move(wait, env.now() + LATER);
      }
    }
    return due.length === AT_ONCE;
  }

  /** By the desk's rules of today, which may have changed since the wait was noted. */
  async #look(wait: Versioned<Wait>): Promise<void> {
    const { records, env, directory } = this.#parts;
    const { id, conversationId, since } = wait.value;
    const conversation = (await records.conversations.read(conversationId, conversationId))?.value;
    const desk = conversation?.unansweredSince === since ? await directory.desk(conversation.deskId) : undefined;
    if (conversation && desk && !desk.removedAt) {
      const rules = rulesOf(desk);
      const now = env.now();
      const at = this.#whenToRemind(rules, since, now);
      if (at !== undefined && at > now) return this.#move(wait, at);
      if (at !== undefined) await this.#remind(conversation, rules, since);
    }
    await records.waits.remove(id, id, wait.version);
  }

  /** Not before it is due, not before now, and while the desk is there. */
  #whenToRemind(rules: Rules, since: number, now: number): number | undefined {
    const { isHoliday } = this.#parts;
    const due = dueAfter(rules, since, isHoliday);
    return due === undefined ? undefined : whenOpen(rules.hours, Math.max(due, now), isHoliday);
  }

  /** Whoever has moved it meanwhile did so for the same reason. */
  async #move({ value, version }: Versioned<Wait>, dueAt: number): Promise<void> {
    await this.#parts.records.waits.replace({ ...value, dueAt }, version);
  }

  async #remind(conversation: Conversation, rules: Rules, since: number): Promise<void> {
    const { env, lanes, sequence, retention } = this.#parts;
    const { date, minutes } = wallOf(since, rules.hours.zone);
    const time = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
    const now = env.now();
    const reminder: Delivery = {
      id: env.digest(`unanswered\n${conversation.id}\n${since}`),
      lane: conversation.room,
      conversationId: conversation.id,
      order: sequence.next(),
      toward: 'teams',
      content: {
        type: 'notice',
        notice: { kind: 'unanswered', since, wall: `${date} ${time}` },
        mention: (await this.#assigneeOf(conversation)) ?? rules.remind,
      },
      state: 'open',
      attempts: 0,
      edition: conversation.edition,
      createdAt: now,
      expiresAt: now + retention,
    };
    await lanes.enter(reminder);
  }

  async #assigneeOf({ deskId, assignee }: Conversation): Promise<Person | undefined> {
    return assignee && this.#parts.directory.personOf(deskId, assignee);
  }
}
