import { moveForm, nameOf } from '../../cards/move.ts';
import type { Conversation } from '../../src/desk/conversation.ts';
import type { MoveResult } from '../../src/desk/moves.ts';
import type { Room } from '../../src/desk/settings.ts';
import type { Say, SentenceKey } from '../../src/text/text.ts';
import type { Tools } from '../facts.ts';
import { asMember, conversationOf, type Form, type FormTurn, lastWord, shown, type TaskAnswer } from './form.ts';

const told: Record<MoveResult, SentenceKey> = { begun: 'move.begun', there: 'move.there', moving: 'move.moving' };

/** Asks where a conversation is to go on. Both times it is looked whose thread it is, and which Teams channels the team has. */
export class MoveForm implements Form {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  open(turn: FormTurn): Promise<TaskAnswer> {
    return asMember(this.#tools, turn, async (_person, say) => {
      return this.#filledIn(turn, await conversationOf(this.#tools, turn), say);
    });
  }

  submit(turn: FormTurn, data: Record<string, unknown>): Promise<TaskAnswer> {
    return asMember(this.#tools, turn, async (person, say) => {
      const { moves } = this.#tools.desk;
      const conversation = await conversationOf(this.#tools, turn);
      if (typeof data.room !== 'string' || data.room === '')
        return this.#filledIn(turn, conversation, say, say('move.required'));
      const rooms = await moves.rooms(turn.deskId);
      const room = nameOf(rooms.find(({ id }) => id === data.room) ?? {}, say);
      return lastWord(say(told[await moves.move(conversation, data.room, person)], { room }));
    });
  }

  async #filledIn({ deskId }: FormTurn, conversation: Conversation, say: Say, problem?: string): Promise<TaskAnswer> {
    const { moves } = this.#tools.desk;
    const rooms: Room[] = (await moves.rooms(deskId)).filter(({ id }) => id !== moves.placeOf(conversation));
    if (rooms.length === 0) return lastWord(say('move.nowhere'));
    return shown(say('move.offer'), moveForm(say, rooms, problem), 'small');
  }
}
