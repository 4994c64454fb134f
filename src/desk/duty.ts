import type { Conversation } from './conversation.ts';
import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import { handOutOf } from './handOut.ts';
import type { Lanes } from './lanes.ts';
import type { Environment, Records } from './ports.ts';
import { type Rules, rulesOf } from './rules.ts';
import type { Sequence } from './sequence.ts';
import type { DeskSettings, OperatorLink, Person } from './settings.ts';

/** How many waiting conversations somebody gets at once who begins to take new ones, and how many are looked through for them. */
const AT_ONCE = 20;
const LOOKED_THROUGH = 1_000;

/** By then every process has counted anew that a conversation is closed (ms). */
const COUNTED = 2_500;

interface Parts {
  records: Pick<Records, 'operators' | 'conversations'>;
  env: Environment;
  directory: Directory;
  lanes: Lanes;
  sequence: Sequence;
  retention: number;
}

/** Who takes new conversations at the moment. It ends with the link; what somebody has stays theirs. */
export class Duty {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** From now on this person takes new ones, and the oldest that wait for somebody. Rejects with `operator.notLinked`. */
  async turnOn(deskId: string, person: Person): Promise<Rules['handOut']> {
    const { env, directory } = this.#parts;
    const link = await this.#change(deskId, person, (current) =>
      current.onSince === undefined ? { ...current, onSince: env.now() } : current,
    );
    if (!link) throw new DeskError('operator.notLinked', { name: person.name });
    const desk = await directory.desk(deskId);
    if (!desk) throw new DeskError('desk.unknown');
    await this.#handOut(desk, link, AT_ONCE);
    return rulesOf(desk).handOut;
  }

  /** This person gets no new ones; false when they took none. */
  async turnOff(deskId: string, person: Person): Promise<boolean> {
    let was = false;
    await this.#change(deskId, person, (current) => {
      was = current.onSince !== undefined;
      return was ? { ...current, onSince: undefined } : current;
    });
    return was;
  }

  /** Somebody's conversation is closed: if they take new ones and had no room, the oldest that waits is theirs. */
  async freed({ id, deskId, assignee }: Conversation): Promise<void> {
    const { directory } = this.#parts;
    const desk = await directory.desk(deskId);
    if (!assignee || !desk || rulesOf(desk).handOut === 'off' || rulesOf(desk).capacity === 0) return;
    const theirs = assignee.person ? { personId: assignee.person.id } : { operatorId: assignee.id };
    const known = await directory.link(deskId, theirs);
    if (known?.onSince === undefined) return;
    const link = await this.#change(deskId, known.person, ({ claims = [], ...current }) => ({
      ...current,
      claims: claims.filter((claim) => claim.id !== id),
    }));
    if (link) await this.#handOut(desk, link, 1, COUNTED);
  }

  async #handOut(desk: DeskSettings, { id: to }: OperatorLink, most: number, wait?: number): Promise<void> {
    const { records, env, lanes, sequence, retention } = this.#parts;
    const { handOut, capacity } = rulesOf(desk);
    if (handOut === 'off') return;
    const where = { deskId: desk.id, status: 'open' };
    const open = await records.conversations.find({ where, order: 'ascending', limit: LOOKED_THROUGH });
    const waiting = open.filter(({ value }) => !value.assignee);
    // Whether there is room for all of them is seen when each has its turn.
    for (const { value } of waiting.slice(0, capacity === 0 ? most : Math.min(most, capacity))) {
      const now = env.now();
      const id = env.digest(`handOut\n${value.id}\n${to}\n${now}`);
      await lanes.enter(handOutOf(value, id, { order: sequence.next(), now, retention }, { to, wait }));
    }
  }

  /** The link as it is stored then; `undefined` when there is none. */
  async #change(
    deskId: string,
    { id }: Person,
    change: (link: OperatorLink) => OperatorLink,
  ): Promise<OperatorLink | undefined> {
    const { records, directory } = this.#parts;
    for (;;) {
      const found = await records.operators.read(deskId, id);
      const changed = found && change(found.value);
      if (!found || !changed) return undefined;
      const written = changed === found.value ? found : await records.operators.replace(changed, found.version);
      if (!written) continue;
      directory.forgetDesk(deskId);
      return written.value;
    }
  }
}
