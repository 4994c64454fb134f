/** Inputs of a form, each filled with what was typed or chosen; what no such input could show is left out. */

interface Asked {
  id: string;
  label: string;
  typed: string;
}

export interface Choice {
  title: string;
  value: string;
}

export function textInput({ id, label, typed }: Asked, longest: number, isMultiline = false): object {
  return { type: 'Input.Text', id, label, value: typed.slice(0, longest), maxLength: longest, isMultiline };
}

export function numberInput({ id, label, typed }: Asked, min: number, max: number): object {
  return { type: 'Input.Number', id, label, min, max, ...(/^-?\d{1,15}$/.test(typed) ? { value: Number(typed) } : {}) };
}

/** Gives `true` or `false`. */
export function toggleInput({ id, label, typed }: Asked): object {
  return { type: 'Input.Toggle', id, title: label, value: typed === 'true' ? 'true' : 'false', wrap: true };
}

/** Gives `HH:MM`. */
export function timeInput({ id, label, typed }: Asked): object {
  return { type: 'Input.Time', id, label, ...(/^\d\d:\d\d$/.test(typed) ? { value: typed } : {}) };
}

/** Gives the chosen value; of several, one after the other with commas in between. */
export function choiceInput({ id, label, typed }: Asked, choices: Choice[], several = false): object {
  const style = several ? { isMultiSelect: true, style: 'expanded' } : { style: 'compact' };
  return { type: 'Input.ChoiceSet', id, label, value: typed.slice(0, 100), choices, wrap: true, ...style };
}
