import { LONGEST_NOTE, noteForm } from '../../cards/note.ts';
import type { Tools } from '../facts.ts';
import { notedLines } from '../note.ts';
import { asMember, conversationOf, type Form, type FormTurn, lastWord, shown, type TaskAnswer } from './form.ts';

/** A note from the card's button. What was written is shown in the thread, as a typed note is; it goes on no way that leads to an end user. */
export class NoteForm implements Form {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  open(turn: FormTurn): Promise<TaskAnswer> {
    return asMember(this.#tools, turn, async (_person, say) => {
      await conversationOf(this.#tools, turn);
      return shown(say('note.title'), noteForm(say));
    });
  }

  submit(
    turn: FormTurn,
    data: Record<string, unknown>,
    announce: (text: string) => Promise<void>,
  ): Promise<TaskAnswer> {
    return asMember(this.#tools, turn, async (person, say) => {
      const conversation = await conversationOf(this.#tools, turn);
      const text = typeof data.text === 'string' ? data.text.trim() : '';
      if (!text) return shown(say('note.title'), noteForm(say, say('note.required')));
      if (text.length > LONGEST_NOTE)
        return shown(
          say('note.title'),
          noteForm(say, say('note.tooLong', { most: LONGEST_NOTE }), text.slice(0, LONGEST_NOTE)),
        );
      let lines = '';
      const kept = await this.#tools.desk.turns.once(`form\n${turn.threadId}\n${turn.activityId}`, async () => {
        // In front of the colleagues first: what KARTE does with it can't lose it then.
        await announce(say('note.inThread', { name: person.name, text }));
        lines = notedLines(await this.#tools.desk.operators.note(conversation, person, text), say);
      });
      if (kept === 'ran') return lastWord(lines);
      return lastWord(say(kept === 'repeat' ? 'note.already' : 'answer.interrupted'));
    });
  }
}
