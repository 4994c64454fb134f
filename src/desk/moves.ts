import { type Conversation, hasLeft } from './conversation.ts';
import { DeskError } from './deskError.ts';
import type { Directory } from './directory.ts';
import type { Lanes } from './lanes.ts';
import type { Environment, TeamsPort } from './ports.ts';
import type { Sequence } from './sequence.ts';
import type { Person, Room } from './settings.ts';

interface Parts {
  env: Environment;
  teams: TeamsPort;
  directory: Directory;
  lanes: Lanes;
  sequence: Sequence;
  retention: number;
}

/** `begun`: it is stored, and on its way; `there`: that is where it is; `moving`: somebody was quicker. */
export type MoveResult = 'begun' | 'there' | 'moving';

/** Binds end users to other Teams channels of the team, when somebody asks for it. */
export class Moves {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The Teams channels of a team as Teams names them now. Rejects with `desk.roomsUnknown`. */
  async rooms(deskId: string): Promise<Room[]> {
    const { directory, teams } = this.#parts;
    const desk = await directory.desk(deskId);
    if (!desk) throw new DeskError('desk.unknown');
    const rooms = await teams.listRooms(desk);
    if (!rooms) throw new DeskError('desk.roomsUnknown');
    return rooms;
  }

  /** Whether a thread is one that its conversation has left. */
  hasLeft(conversation: Conversation, threadId: string): boolean {
    return hasLeft(conversation, threadId);
  }

  /** Where a conversation is shown. */
  placeOf({ refuge, room }: Conversation): string {
    return refuge ?? room;
  }

  /**
   * Stores that a conversation is to move; its lane does the rest. Rejects with `desk.roomUnknown` for a Teams channel that the team has not, and
   * with `desk.roomsUnknown`. One wish for each place it has had: who comes second learns that it is moving.
   */
  async move(conversation: Conversation, roomId: string, by: Person): Promise<MoveResult> {
    const { env, lanes, sequence, retention } = this.#parts;
    const to = (await this.rooms(conversation.deskId)).find(({ id }) => id === roomId);
    if (!to) throw new DeskError('desk.roomUnknown');
    if (this.placeOf(conversation) === to.id) return 'there';
    const now = env.now();
    const stored = await lanes.enter({
      id: env.digest(`move\n${conversation.id}\n${conversation.edition ?? 0}`),
      lane: conversation.room,
      conversationId: conversation.id,
      order: sequence.next(),
      toward: 'teams',
      content: { type: 'move', to, by },
      state: 'open',
      attempts: 0,
      edition: conversation.edition,
      createdAt: now,
      expiresAt: now + retention,
    });
    return stored ? 'begun' : 'moving';
  }
}
