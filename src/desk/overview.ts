import type { Conversation } from './conversation.ts';
import type { Directory } from './directory.ts';
import type { Records, Versioned } from './ports.ts';

/** Whose conversations are looked at: everybody's, one person's (by themselves, and by the operator they are linked to), nobody's, or those that wait for an answer. */
export type Whose =
  | { kind: 'all' | 'unassigned' | 'unanswered' }
  | { kind: 'person'; personId: string; operatorId?: string };

/** One conversation that is not closed; `since`: how long it has been in front of the desk (Unix ms). */
export interface OpenConversation {
  conversation: Conversation;
  assigneeName?: string;
  since: number;
}

/** What a desk has in front of it. The counts are of everything; `rows` are what was asked for, the longest wait first. */
export interface Overview {
  open: number;
  waiting: number;
  unanswered: number;
  unassigned: number;
  undelivered: number;
  /** There are more than were counted. */
  more: boolean;
  rows: OpenConversation[];
}

/** More than these are not read for one look. */
const MOST = 5_000;

/** Parked deliveries that are counted at most. */
const MOST_PARKED = 500;

/** Lanes that are looked into for them at most. */
const MOST_LANES = 200;

interface Parts {
  records: Pick<Records, 'conversations' | 'deliveries'>;
  directory: Directory;
}

/** A look over a desk's conversations that are not closed. */
export class Overviews {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async of(deskId: string, whose: Whose): Promise<Overview> {
    const [open, waiting] = await Promise.all([this.#find(deskId, 'open'), this.#find(deskId, 'waiting')]);
    const all = [...open, ...waiting].map(({ value }) => value);
    const counts = {
      open: open.length,
      waiting: waiting.length,
      unanswered: all.filter(isUnanswered).length,
      unassigned: all.filter(({ assignee }) => !assignee).length,
      undelivered: await this.#undelivered(all, deskId),
      more: open.length === MOST || waiting.length === MOST,
    };
    return { ...counts, rows: await this.#rows(all.filter(fits(whose)), deskId) };
  }

  #find(deskId: string, status: Conversation['status']): Promise<Versioned<Conversation>[]> {
    return this.#parts.records.conversations.find({ where: { deskId, status }, limit: MOST });
  }

  /** Parked deliveries stand in their lanes: one look into each that the desk's conversations are in. */
  async #undelivered(all: Conversation[], deskId: string): Promise<number> {
    const { records, directory } = this.#parts;
    const desk = await directory.desk(deskId);
    const lanes = new Set([...all.map(({ room }) => room), ...(desk?.rooms ?? []), deskId]);
    const found = [...lanes]
      .slice(0, MOST_LANES)
      .map((partition) => records.deliveries.find({ partition, where: { state: 'parked' }, limit: MOST_PARKED }));
    return (await Promise.all(found)).reduce((sum, { length }) => sum + length, 0);
  }

  async #rows(conversations: Conversation[], deskId: string): Promise<OpenConversation[]> {
    const links = await this.#parts.directory.links(deskId);
    const names = new Map(links.map(({ operatorId, person }) => [operatorId, person.name]));
    return conversations
      .map((conversation) => {
        const { assignee, unansweredSince, statusAt, createdAt } = conversation;
        const assigneeName =
          assignee && (assignee.person?.name ?? names.get(assignee.id) ?? assignee.name ?? assignee.id);
        return { conversation, assigneeName, since: unansweredSince ?? statusAt ?? createdAt };
      })
      .sort((a, b) => Number(isUnanswered(b.conversation)) - Number(isUnanswered(a.conversation)) || a.since - b.since);
  }
}

function isUnanswered({ unansweredSince }: Conversation): boolean {
  return unansweredSince !== undefined;
}

function fits(whose: Whose): (conversation: Conversation) => boolean {
  switch (whose.kind) {
    case 'all':
      return () => true;
    case 'unanswered':
      return isUnanswered;
    case 'unassigned':
      return ({ assignee }) => !assignee;
    case 'person':
      return ({ assignee }) =>
        assignee !== undefined &&
        (assignee.person ? assignee.person.id === whose.personId : assignee.id === whose.operatorId);
  }
}
