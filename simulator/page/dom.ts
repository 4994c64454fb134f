/** Building and updating the page without a framework: elements are made once and then only changed where they differ. */

/** A piece of the page: its element stays, `update` changes what differs, so focus, caret and unsent text survive. */
export interface Piece<T> {
  element: HTMLElement;
  update(value: T): void;
}

type Prop = string | number | boolean | undefined | ((event: never) => unknown);

/** Makes an element. `onclick` and the like become listeners; `true` is an empty attribute, `false`/`undefined` none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Record<string, Prop> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as (event: Event) => unknown);
    else setAttribute(element, name, value);
  }
  element.append(...children);
  return element;
}

/** Writes text only when it differs: an untouched node keeps selections and is not announced again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** `false` and `undefined` remove the attribute, `true` sets it empty. */
export function setAttribute(element: Element, name: string, value: string | number | boolean | undefined): void {
  if (value === undefined || value === false) {
    element.removeAttribute(name);
    return;
  }
  const wanted = value === true ? '' : String(value);
  if (element.getAttribute(name) !== wanted) element.setAttribute(name, wanted);
}

/** Sets a field's value unless it has it already: the caret stays where it is. */
export function setValue(field: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, value: string): void {
  if (field.value !== value) field.value = value;
}

/**
 * Keeps the children of `parent` in step with a list: one piece for each key, made once, updated ever after.
 * A node is moved only when the order changed, because moving a focused element takes its focus away.
 */
export function keyedList<T>(parent: Element, keyOf: (item: T) => string, make: (item: T) => Piece<T>) {
  const pieces = new Map<string, Piece<T>>();
  return (items: readonly T[]): void => {
    const wanted = new Set(items.map(keyOf));
    for (const [key, piece] of pieces) {
      if (wanted.has(key)) continue;
      piece.element.remove();
      pieces.delete(key);
    }
    let next = parent.firstElementChild;
    for (const item of items) {
      const key = keyOf(item);
      let piece = pieces.get(key);
      if (!piece) {
        piece = make(item);
        pieces.set(key, piece);
      }
      if (piece.element === next) next = next.nextElementSibling;
      else parent.insertBefore(piece.element, next);
      piece.update(item);
    }
  };
}

/** Runs `build` again only when `signature` changed since the last time. */
export function onChange<T>(signature: (value: T) => string, build: (value: T) => void): (value: T) => void {
  let last: string | undefined;
  return (value) => {
    const now = signature(value);
    if (now === last) return;
    last = now;
    build(value);
  };
}
