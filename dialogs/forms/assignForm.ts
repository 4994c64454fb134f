import { assignForm, type Choosable, NOBODY } from '../../cards/assign.ts';
import type { Conversation } from '../../src/desk/conversation.ts';
import type { Person } from '../../src/desk/settings.ts';
import type { Say } from '../../src/text/text.ts';
import type { Tools } from '../facts.ts';
import { asMember, conversationOf, type Form, type FormTurn, lastWord, shown, type TaskAnswer } from './form.ts';

/** Makes somebody the assignee by choosing from the linked operators; where the channel has none, also from admins and oneself. */
export class AssignForm implements Form {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  open(turn: FormTurn): Promise<TaskAnswer> {
    return asMember(this.#tools, turn, async (person, say) => {
      const conversation = await conversationOf(this.#tools, turn);
      const people = await this.#people(conversation, person);
      return people.length === 0 ? lastWord(say('assign.nobodyLinked')) : this.#filledIn(conversation, people, say);
    });
  }

  submit(
    turn: FormTurn,
    data: Record<string, unknown>,
    announce: (text: string) => Promise<void>,
  ): Promise<TaskAnswer> {
    const { operators } = this.#tools.desk;
    return asMember(this.#tools, turn, async (presser, say) => {
      const conversation = await conversationOf(this.#tools, turn);
      const people = await this.#people(conversation, presser);
      const chosen = people.find(({ person }) => person.id === data.person)?.person;
      if (!chosen && data.person !== NOBODY) return this.#filledIn(conversation, people, say, say('assign.required'));
      await (chosen ? operators.assign(conversation, chosen) : operators.unassign(conversation));
      const done = chosen ? say('answer.assigned', { name: chosen.name }) : say('answer.unassigned');
      await announce(done);
      return lastWord(done);
    });
  }

  async #filledIn(
    conversation: Conversation,
    people: readonly Choosable[],
    say: Say,
    problem?: string,
  ): Promise<TaskAnswer> {
    const { directory, operators } = this.#tools.desk;
    const { assignee } = conversation;
    const current = assignee && (await directory.personOf(conversation.deskId, assignee))?.id;
    const some = await operators.assignsHere(conversation);
    return shown(say('assign.title'), assignForm(people, { current, some }, say, problem), 'small');
  }

  /** Teams tells no list of members, so that others are chosen by a mention. */
  async #people(conversation: Conversation, presser: Person): Promise<Choosable[]> {
    const { directory, operators, administration } = this.#tools.desk;
    const links: Choosable[] = await directory.links(conversation.deskId);
    if (!(await operators.assignsHere(conversation))) return links;
    const { admins } = await administration.read(conversation.deskId);
    const assignee = conversation.assignee?.person;
    const others = [...(assignee ? [assignee] : []), ...admins, presser].map((person) => ({ person }));
    return [...new Map([...others, ...links].map((one) => [one.person.id, one])).values()];
  }
}
