import type { Conversation } from './conversation.ts';
import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import { type Blank, blanksIn, type Filling, filledIn } from './fillings.ts';
import type { Environment, Records } from './ports.ts';
import type { Person } from './settings.ts';

/** An answer that a desk gives again and again, called by its name. `id` is made from the name, width and letter case aside. */
export interface CannedReply {
  id: string;
  deskId: string;
  name: string;
  text: string;
  by: Person;
  createdAt: number;
}

/** A canned reply as one person would send it to one customer: what the desk knows is filled in, `blanks` are for the person. */
export interface Draft {
  reply: CannedReply;
  text: string;
  known: Partial<Record<Filling, string>>;
  blanks: (Blank & { suggested?: string })[];
  /** The same as long as the draft says the same: what is sent is what was seen. */
  mark: string;
}

/** How much there may be. Lengths in UTF-16 units. */
const LONGEST_NAME = 30;
const LONGEST_TEXT = 2_000;
const LONGEST_VALUE = 200;
const MOST_BLANKS = 10;
const MOST = 200;

const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u;
/** No keyboard makes these, and a card would swell by them. */
const CONTROLS = /[\p{Cc}\p{Cs}]/gu;

interface Parts {
  records: Pick<Records, 'canned'>;
  env: Environment;
  directory: Directory;
}

/** The canned replies of each desk. */
export class CannedReplies {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Keeps a new one. Rejects with a `canned.…` error that says what is wrong with it; an old one of this name stays as it is. */
  async add(deskId: string, by: Person, name: string, text: string): Promise<CannedReply> {
    const { records, env } = this.#parts;
    const plain = name.normalize('NFKC');
    if (!NAME.test(plain)) throw new DeskError('canned.badName', { name: plain });
    if (plain.length > LONGEST_NAME) throw new DeskError('canned.longName', { most: `${LONGEST_NAME}` });
    const clean = text.replace(CONTROLS, (sign) => (sign === '\n' || sign === '\t' ? sign : '')).trim();
    if (clean === '') throw new DeskError('canned.noText', { name: plain });
    if (clean.length > LONGEST_TEXT) throw new DeskError('canned.longText', { most: `${LONGEST_TEXT}` });
    if (blanksIn(clean).length > MOST_BLANKS) throw new DeskError('canned.manyBlanks', { most: `${MOST_BLANKS}` });
    if (await this.#holdsSecret(deskId, clean)) throw new DeskError('canned.secret');
    const reply = { id: this.#idOf(plain), deskId, name: plain, text: clean, by, createdAt: env.now() };
    // Two people at the same moment may make it one too many; that harms nobody.
    if ((await this.list(deskId)).length >= MOST) throw new DeskError('canned.full', { most: `${MOST}` });
    if (!(await records.canned.insert(reply))) throw new DeskError('canned.exists', { name: plain });
    return reply;
  }

  /** Rejects with `canned.unknown`. */
  async remove(deskId: string, name: string): Promise<CannedReply> {
    const reply = await this.find(deskId, name);
    if (!reply || !(await this.#parts.records.canned.remove(deskId, reply.id)))
      throw new DeskError('canned.unknown', { name: name.slice(0, LONGEST_NAME) });
    return reply;
  }

  find(deskId: string, name: string): Promise<CannedReply | undefined> {
    return this.read(deskId, this.#idOf(name));
  }

  async read(deskId: string, id: string): Promise<CannedReply | undefined> {
    return (await this.#parts.records.canned.read(deskId, id))?.value;
  }

  /** All of a desk, by their names. */
  async list(deskId: string): Promise<CannedReply[]> {
    const found = await this.#parts.records.canned.find({ partition: deskId });
    return found.map(({ value }) => value).sort((a, b) => a.name.localeCompare(b.name, 'ja'));
  }

  /** What this person would say with it in this conversation. */
  async draft(reply: CannedReply, conversation: Conversation, person: Person): Promise<Draft> {
    const { directory, env } = this.#parts;
    const link = await directory.link(conversation.deskId, { personId: person.id });
    const known = { name: conversation.endUser.name, operator: link?.operatorName };
    const text = filledIn(reply.text, ({ filling }) => filling && known[filling]);
    const blanks = blanksIn(reply.text)
      .filter(({ filling }) => !(filling && known[filling]))
      // Customers see the bot's name there; the person's own is at least a good guess.
      .map((blank) => (blank.filling === 'operator' ? { ...blank, suggested: person.name } : blank));
    return { reply, text, known, blanks, mark: env.digest(`${reply.id}\n${reply.createdAt}\n${text}`) };
  }

  /** The whole text, or `undefined` while a blank is empty or too long. `values` stand in the order of the blanks. */
  complete({ reply, known, blanks }: Draft, values: readonly string[]): string | undefined {
    const filled = blanks.map((_, at) => (values[at] ?? '').replace(CONTROLS, ' ').trim());
    if (filled.some((value) => value === '' || value.length > LONGEST_VALUE)) return undefined;
    return filledIn(
      reply.text,
      ({ key, filling }) => (filling && known[filling]) ?? filled[blanks.findIndex((blank) => blank.key === key)],
    );
  }

  async #holdsSecret(deskId: string, text: string): Promise<boolean> {
    const { directory } = this.#parts;
    const connections = await directory.connectionsOf(deskId);
    return connections.some((one) => directory.holdsSecret(one, text));
  }

  #idOf(name: string): string {
    return this.#parts.env.digest(`canned\n${name.normalize('NFKC').toLowerCase()}`);
  }
}
