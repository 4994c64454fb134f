import { toggleInput } from '../../cards/inputs.ts';
import type { Chosen, Rules } from '../../src/desk/rules.ts';
import type { Person } from '../../src/desk/settings.ts';
import type { Say, SentenceKey } from '../../src/text/text.ts';

/** What was typed into the form, by the ids of its inputs. */
export type Typed = Readonly<Record<string, string>>;

/** What the form needs to know of the desk beside what it has chosen. */
export interface Known {
  /** Who may be chosen to be mentioned. */
  people: readonly Person[];
  /** Whether a person is in the desk's team now. */
  isMember(personId: string): Promise<boolean>;
}

export type Change = (chosen: Chosen) => Chosen;

/** What is wrong with what was typed, as a sentence and its fillings. */
export interface Wrong {
  code: SentenceKey;
  values: Record<string, string>;
}

/**
 * One thing that admins choose. `typedOf` is what its input shows today; `read` makes a change of what was typed, or says what is wrong
 * with it; `told` is its row on the card, in plain words.
 */
export interface SettingField {
  id: string;
  input(typed: string, say: Say, known: Known): object;
  typedOf(chosen: Chosen): string;
  read(typed: Typed, known: Known): Promise<Change | Wrong>;
  told?(chosen: Chosen, say: Say): readonly [string, string];
}

export function toggle(
  id: string,
  label: SentenceKey,
  is: (chosen: Chosen) => boolean,
  change: (on: boolean) => Change,
): SettingField {
  return {
    id,
    input: (typed, say) => toggleInput({ id, label: say(label), typed }),
    typedOf: (chosen) => String(is(chosen)),
    // A box that is not ticked may not come along.
    read: async (typed) => change(typed[id] === 'true'),
  };
}

export function wrong(code: SentenceKey, values: Record<string, string> = {}): Wrong {
  return { code, values };
}

export function withRules(rules: Partial<Rules>): Change {
  return (chosen) => ({ ...chosen, rules: { ...chosen.rules, ...rules } });
}

/** Full-width digits are digits too. */
export function wholeNumber(typed: string, most: number): number | undefined {
  const digits = typed.normalize('NFKC').trim();
  return /^\d{1,6}$/.test(digits) && Number(digits) <= most ? Number(digits) : undefined;
}
