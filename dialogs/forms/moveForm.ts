import { moveForm, nameOf } from '../../cards/move.ts';
import type { Conversation } from '../../src/desk/conversation.ts';
import type { MoveResult } from '../../src/desk/moves.ts';
import type { Versioned } from '../../src/desk/ports.ts';
import type { Room } from '../../src/desk/settings.ts';
import type { Say, SentenceKey } from '../../src/text/text.ts';
import type { Tools } from '../facts.ts';
import { asMember, type Form, type FormTurn, lastWord, shown, type TaskAnswer } from './form.ts';

const told: Record<MoveResult, SentenceKey> = { begun: 'move.begun', there: 'move.there', moving: 'move.moving' };

/** Asks where a conversation is to go on. Both times it is looked whose thread it is, and which Teams channels the team has. */
export class MoveForm implements Form {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  open(turn: FormTurn): Promise<TaskAnswer> {
    return asMember(this.#tools, turn, async (_person, say) => {
      const found = await this.#conversation(turn, say);
      return 'task' in found ? found : this.#filledIn(turn, found.value, say);
    });
  }

  submit(turn: FormTurn, data: Record<string, unknown>): Promise<TaskAnswer> {
    return asMember(this.#tools, turn, async (person, say) => {
      const { moves } = this.#tools.desk;
      const found = await this.#conversation(turn, say);
      if ('task' in found) return found;
      if (typeof data.room !== 'string' || data.room === '')
        return this.#filledIn(turn, found.value, say, say('move.required'));
      const rooms = await moves.rooms(turn.deskId);
      const room = nameOf(rooms.find(({ id }) => id === data.room) ?? {}, say);
      return lastWord(say(told[await moves.move(found, data.room, person)], { room }));
    });
  }

  async #filledIn({ deskId }: FormTurn, conversation: Conversation, say: Say, problem?: string): Promise<TaskAnswer> {
    const { moves } = this.#tools.desk;
    const rooms: Room[] = (await moves.rooms(deskId)).filter(({ id }) => id !== moves.placeOf(conversation));
    if (rooms.length === 0) return lastWord(say('move.nowhere'));
    return shown(say('move.offer'), moveForm(say, rooms, problem), 'small');
  }

  async #conversation({ deskId, threadId }: FormTurn, say: Say): Promise<Versioned<Conversation> | TaskAnswer> {
    const { directory, moves } = this.#tools.desk;
    const found = await directory.conversationOf(threadId);
    if (found?.value.deskId !== deskId) return lastWord(say('answer.onlyInThread'));
    // Until there is a new thread, the old one is the only place from where it can be moved on.
    const left = found.value.thread !== undefined && moves.hasLeft(found.value, threadId);
    return left ? lastWord(say('answer.leftNotDone')) : found;
  }
}
