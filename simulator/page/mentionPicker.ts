import { h, setAttribute } from './dom.ts';

/** Somebody who can be mentioned. */
export interface Mentionable {
  id: string;
  name: string;
  /** Said behind the name: bot, guest. */
  hint: string;
}

interface Options {
  field: HTMLTextAreaElement;
  label: () => string;
  candidates: () => Mentionable[];
  /** `from`…`to` is what was typed of the mention, the `@` included. */
  choose: (candidate: Mentionable, from: number, to: number) => void;
}

let listCount = 0;

/**
 * The list that opens behind an `@`: filtered while typing, arrows choose, Enter or Tab takes, Escape closes.
 * `key` answers true when it used the key.
 */
export function mentionPicker({ field, label, candidates, choose }: Options) {
  const id = `mention-list-${++listCount}`;
  const list = h('ul', { id, class: 'mention-list', role: 'listbox', hidden: true });
  setAttribute(field, 'aria-autocomplete', 'list');
  setAttribute(field, 'aria-controls', id);
  let found: Mentionable[] = [];
  let active = 0;
  let from = -1;

  function close(): void {
    from = -1;
    list.hidden = true;
    setAttribute(field, 'aria-activedescendant', undefined);
  }

  function take(index: number): void {
    const candidate = found[index];
    const start = from;
    const end = field.selectionStart;
    close();
    if (candidate && start >= 0) choose(candidate, start, end);
  }

  function draw(): void {
    setAttribute(list, 'aria-label', label());
    list.replaceChildren(
      ...found.map((candidate, index) =>
        h(
          'li',
          {
            id: `${id}-${index}`,
            role: 'option',
            'aria-selected': index === active ? 'true' : 'false',
            // The field keeps the focus: a click must not take it.
            onpointerdown: (event: PointerEvent) => event.preventDefault(),
            onclick: () => take(index),
          },
          h('span', {}, candidate.name),
          h('small', {}, candidate.hint),
        ),
      ),
    );
    list.hidden = false;
    setAttribute(field, 'aria-activedescendant', `${id}-${active}`);
  }

  /** Looks at the text before the caret: an `@` at the start of a word opens the list. */
  function look(): void {
    const before = field.value.slice(0, field.selectionStart);
    const typed = /(?:^|\s)[@＠]([^\s@＠]*)$/.exec(before)?.[1];
    if (typed === undefined) {
      close();
      return;
    }
    const wanted = typed.toLocaleLowerCase();
    found = candidates().filter((candidate) => candidate.name.toLocaleLowerCase().includes(wanted));
    if (found.length === 0) {
      close();
      return;
    }
    from = before.length - typed.length - 1;
    active = 0;
    draw();
  }

  function key(event: KeyboardEvent): boolean {
    if (list.hidden) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      active = (active + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length;
      draw();
    } else if (event.key === 'Enter' || event.key === 'Tab') take(active);
    else if (event.key === 'Escape') close();
    else return false;
    event.preventDefault();
    return true;
  }

  field.addEventListener('input', look);
  field.addEventListener('blur', close);
  return { list, key, look };
}
