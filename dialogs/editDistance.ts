/**
 * How many slips of the hand lie between two words: letters left out, doubled, mistaken, or swapped with their neighbour
 * (Damerau–Levenshtein, the unrestricted form, so that a swap may also straddle a further slip).
 *
 * Answers `undefined` as soon as the words are further apart than `limit`; both are compared by code unit.
 */
export function editDistance(a: string, b: string, limit: number): number | undefined {
  if (Math.abs(a.length - b.length) > limit) return undefined;
  if (a === b) return 0;
  // Each sign that the other word lacks costs a slip: this turns most pairs away without filling the table.
  if (hasMoreStrangers(limit, a, b) || hasMoreStrangers(limit, b, a)) return undefined;
  const width = b.length + 2;
  const far = a.length + b.length;
  const table = new Array<number>((a.length + 2) * width).fill(far);
  const at = (i: number, j: number) => table[(i + 1) * width + j + 1] ?? far;
  const put = (i: number, j: number, value: number) => {
    table[(i + 1) * width + j + 1] = value;
  };
  for (let i = 0; i <= a.length; i++) put(i, 0, i);
  for (let j = 0; j <= b.length; j++) put(0, j, j);
  const lastRowOf = new Map<string, number>();
  for (let i = 1; i <= a.length; i++) {
    let lastColumn = 0;
    for (let j = 1; j <= b.length; j++) {
      const row = lastRowOf.get(b.charAt(j - 1)) ?? 0;
      const column = lastColumn;
      const same = a[i - 1] === b[j - 1];
      if (same) lastColumn = j;
      const swapped = at(row - 1, column - 1) + (i - row - 1) + 1 + (j - column - 1);
      put(i, j, Math.min(at(i - 1, j - 1) + (same ? 0 : 1), at(i - 1, j) + 1, at(i, j - 1) + 1, swapped));
    }
    lastRowOf.set(a.charAt(i - 1), i);
  }
  const distance = at(a.length, b.length);
  return distance <= limit ? distance : undefined;
}

function hasMoreStrangers(limit: number, a: string, b: string): boolean {
  let count = 0;
  for (let at = 0; at < a.length && count <= limit; at++) if (!b.includes(a.charAt(at))) count++;
  return count > limit;
}
