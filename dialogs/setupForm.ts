import type { Card } from '../cards/card.ts';
import { type SetupField, setupFields, setupForm } from '../cards/setup.ts';
import type { Person } from '../src/desk/settings.ts';
import { type Locale, sentenceOf, speaker } from '../src/text/text.ts';
import type { Tools } from './facts.ts';
import { Refusal } from './refusal.ts';
import { memberFor, type SetupValues, setUp } from './setup.ts';

/** Who opened or sent the form, and where. */
export interface FormTurn {
  deskId: string;
  room: string;
  person: Person;
  locale: Locale;
}

/** What Teams is answered for `task/fetch` and `task/submit`: the form (again), or a last word. */
export type TaskAnswer =
  | {
      task: {
        type: 'continue';
        value: { title: string; width: 'medium'; height: 'large'; card: { contentType: string; content: Card } };
      };
    }
  | { task: { type: 'message'; value: string } };

/** The form that keeps secrets out of the channel. Who may use it is checked when it opens and again when it is sent. */
export class SetupForm {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  async open({ deskId, person, locale }: FormTurn): Promise<TaskAnswer> {
    const say = speaker(locale);
    try {
      const member = await memberFor(this.#tools, deskId, person.id);
      const { administration } = this.#tools.desk;
      const desk = await administration.read(deskId);
      if (!administration.mayAdminister(desk, member))
        throw new Refusal('desk.notAdmin', { names: desk.admins.map(({ name }) => name).join(', ') });
      return shown(locale);
    } catch (error) {
      const reason = sentenceOf(error, say);
      if (reason === undefined) throw error;
      return { task: { type: 'message', value: reason } };
    }
  }

  /** `announce` hears what to tell the Teams channel when the desk was set up. */
  async submit(turn: FormTurn, data: unknown, announce: (text: string) => Promise<void>): Promise<TaskAnswer> {
    const values = valuesIn(data);
    const result = await setUp(this.#tools, speaker(turn.locale), turn, turn.person.id, values);
    if (!result.done) return shown(turn.locale, result.problem, values);
    await announce(result.lines.join('\n\n'));
    return { task: { type: 'message', value: result.lines.join('\n\n') } };
  }
}

function shown(locale: Locale, problem?: string, values: SetupValues = {}): TaskAnswer {
  const say = speaker(locale);
  const content = setupForm(say, problem, values);
  const card = { contentType: 'application/vnd.microsoft.card.adaptive', content };
  return {
    task: { type: 'continue', value: { title: say('setup.formTitle'), width: 'medium', height: 'large', card } },
  };
}

function valuesIn(data: unknown): SetupValues {
  if (typeof data !== 'object' || data === null) return {};
  const given = data as Partial<Record<SetupField, unknown>>;
  return Object.fromEntries(
    setupFields.map(({ id }) => [id, typeof given[id] === 'string' ? given[id].slice(0, 1000) : '']),
  );
}
