import { assignForm, NOBODY } from '../../cards/assign.ts';
import type { Tools } from '../facts.ts';
import { asMember, conversationOf, type Form, type FormTurn, lastWord, shown, type TaskAnswer } from './form.ts';

/** Makes somebody the assignee by choosing from the linked operators. */
export class AssignForm implements Form {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  open(turn: FormTurn): Promise<TaskAnswer> {
    return asMember(this.#tools, turn, async (_person, say) => {
      const { assignee } = await conversationOf(this.#tools, turn);
      const links = await this.#tools.desk.directory.links(turn.deskId);
      if (links.length === 0) return lastWord(say('assign.nobodyLinked'));
      return shown(say('assign.title'), assignForm(links, assignee?.id, say), 'small');
    });
  }

  submit(
    turn: FormTurn,
    data: Record<string, unknown>,
    announce: (text: string) => Promise<void>,
  ): Promise<TaskAnswer> {
    const { directory, operators } = this.#tools.desk;
    return asMember(this.#tools, turn, async (_person, say) => {
      const conversation = await conversationOf(this.#tools, turn);
      const links = await directory.links(turn.deskId);
      const chosen = links.find(({ person }) => person.id === data.person)?.person;
      if (!chosen && data.person !== NOBODY)
        return shown(
          say('assign.title'),
          assignForm(links, conversation.assignee?.id, say, say('assign.required')),
          'small',
        );
      await (chosen ? operators.assign(conversation, chosen) : operators.unassign(conversation));
      const done = chosen ? say('answer.assigned', { name: chosen.name }) : say('answer.unassigned');
      await announce(done);
      return lastWord(done);
    });
  }
}
