import { type SetupField, setupFields, setupForm } from '../../cards/setup.ts';
import { speaker } from '../../src/text/text.ts';
import type { Tools } from '../facts.ts';
import { type SetupValues, setUp } from '../setup.ts';
import { asAdmin, type Form, type FormTurn, lastWord, shown, type TaskAnswer } from './form.ts';

/** The form that keeps secrets out of the channel. Who may use it is checked when it opens and again when it is sent. */
export class SetupForm implements Form {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  open(turn: FormTurn): Promise<TaskAnswer> {
    return asAdmin(this.#tools, turn, async () => filledIn(turn));
  }

  async submit(turn: FormTurn, data: unknown, announce: (text: string) => Promise<void>): Promise<TaskAnswer> {
    const values = valuesIn(data);
    const result = await setUp(this.#tools, speaker(turn.locale), turn, turn.person.id, values);
    if (!result.done) return filledIn(turn, result.problem, values);
    await announce(result.lines.join('\n\n'));
    return lastWord(result.lines.join('\n\n'));
  }
}

function filledIn({ locale }: FormTurn, problem?: string, values: SetupValues = {}): TaskAnswer {
  const say = speaker(locale);
  return shown(say('setup.formTitle'), setupForm(say, problem, values), 'large');
}

function valuesIn(data: unknown): SetupValues {
  if (typeof data !== 'object' || data === null) return {};
  const given = data as Partial<Record<SetupField, unknown>>;
  return Object.fromEntries(
    setupFields.map(({ id }) => [id, typeof given[id] === 'string' ? given[id].slice(0, 1000) : '']),
  );
}
