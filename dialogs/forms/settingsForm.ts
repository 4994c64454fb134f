import { settingsForm } from '../../cards/settings.ts';
import type { DeskSettings } from '../../src/desk/settings.ts';
import type { Say } from '../../src/text/text.ts';
import type { Tools } from '../facts.ts';
import type { Change, Known, Typed } from './field.ts';
import { asAdmin, type Form, type FormTurn, lastWord, shown, type TaskAnswer } from './form.ts';
import { settingFields } from './settingsFields.ts';

/** How many people can be chosen from; a card has its limits. */
const MOST_PEOPLE = 30;

/** The form in which admins choose how their desk works. Who they are is checked when it opens and again when it is sent. */
export class SettingsForm implements Form {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  open(turn: FormTurn): Promise<TaskAnswer> {
    return asAdmin(this.#tools, turn, async (_admin, say, desk) => {
      const { locale, ...chosen } = this.#tools.desk.administration.chosen(desk);
      const today = { ...chosen, locale: locale ?? turn.locale };
      const typed = Object.fromEntries(settingFields.map((field) => [field.id, field.typedOf(today)]));
      return this.#filledIn(desk, say, typed);
    });
  }

  submit(
    turn: FormTurn,
    data: Record<string, unknown>,
    announce: (text: string) => Promise<void>,
  ): Promise<TaskAnswer> {
    return asAdmin(this.#tools, turn, async (admin, say, desk) => {
      const typed = typedIn(data);
      const { changes, problems } = await readAll(typed, await this.#known(desk), say);
      if (problems.length > 0) return this.#filledIn(desk, say, typed, problems);
      await this.#tools.desk.administration.choose(desk.id, admin, (chosen) =>
        changes.reduce((before, change) => change(before), chosen),
      );
      await announce(say('settings.changed', { name: admin.name }));
      return lastWord(say('settings.saved'));
    });
  }

  async #filledIn(desk: DeskSettings, say: Say, typed: Typed, problems?: string[]): Promise<TaskAnswer> {
    const known = await this.#known(desk);
    const inputs = settingFields.map((field) => field.input(typed[field.id] ?? '', say, known));
    return shown(say('settings.title'), settingsForm(inputs, say, problems), 'large');
  }

  /** Whoever the desk knows can be mentioned: the one who is chosen today, its admins, and those linked to an operator. */
  async #known(desk: DeskSettings): Promise<Known> {
    const { directory, administration } = this.#tools.desk;
    const links = await directory.links(desk.id);
    const { remind } = administration.chosen(desk).rules;
    const people = [...(remind ? [remind] : []), ...desk.admins, ...links.map(({ person }) => person)];
    const unique = [...new Map(people.map((person) => [person.id, person])).values()];
    return {
      people: unique.slice(0, MOST_PEOPLE),
      isMember: async (id) => (await this.#tools.member(desk.id, id)) !== undefined,
    };
  }
}

async function readAll(typed: Typed, known: Known, say: Say): Promise<{ changes: Change[]; problems: string[] }> {
  const changes: Change[] = [];
  const problems: string[] = [];
  for (const field of settingFields) {
    const read = await field.read(typed, known);
    if (typeof read === 'function') changes.push(read);
    else problems.push(say(read.code, read.values));
  }
  return { changes, problems };
}

/** What the inputs gave, numbers and ticks as text; anything else is made up. */
function typedIn(data: Record<string, unknown>): Typed {
  return Object.fromEntries(
    settingFields.map(({ id }) => {
      const value = data[id];
      return [id, ['string', 'number', 'boolean'].includes(typeof value) ? String(value).slice(0, 10_000) : ''];
    }),
  );
}
