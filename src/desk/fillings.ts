/** What may be filled in by itself: the customer's name, and the name under which customers know the operator. */
export type Filling = 'name' | 'operator';

/** A hole in a canned reply: `label` as written between its braces, `key` the same for holes that mean the same. */
export interface Blank {
  key: string;
  label: string;
  filling?: Filling;
}

/** `{…}`, in either width: whoever writes Japanese types ｛…｝. */
const HOLE = /[{｛]([^{}｛｝\n]{1,40})[}｝]/g;

const FILLINGS: ReadonlyMap<string, Filling> = new Map([
  ['name', 'name'],
  ['お客さま名', 'name'],
  ['お客様名', 'name'],
  ['operator', 'operator'],
  ['担当者名', 'operator'],
]);

/** The blanks of a text, each once, in the order in which they stand there. */
export function blanksIn(text: string): Blank[] {
  const blanks = [...text.matchAll(HOLE)].map(([, written = '']) => blankOf(written));
  return blanks.filter(({ key }, at) => blanks.findIndex((other) => other.key === key) === at);
}

/** The text with what is known filled in; what goes in is never read for blanks itself. */
export function filledIn(text: string, fill: (blank: Blank) => string | undefined): string {
  return text.replace(HOLE, (hole, written: string) => fill(blankOf(written)) ?? hole);
}

function blankOf(written: string): Blank {
  const label = written.trim();
  const plain = label.normalize('NFKC').toLowerCase();
  const filling = FILLINGS.get(plain);
  return { key: filling ? `=${filling}` : plain, label, filling };
}
