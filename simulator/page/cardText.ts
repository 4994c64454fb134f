/** Text inside cards: mentions, and the small part of Markdown that is drawn. Everything is escaped first. */

// Private-use characters stand around a mention's name on its way through the card library.
const open = '\uE000';
const shut = '\uE001';
const guards = /[\uE000\uE001]/g;

/** A copy of the card with the mentions of `msteams.entities` marked in its TextBlocks and facts, as Teams does. */
export function withMentions(card: unknown): Record<string, unknown> {
  const copy = structuredClone(card) as Record<string, unknown>;
  const entities = (copy.msteams as { entities?: unknown } | undefined)?.entities;
  const marks = (Array.isArray(entities) ? entities : [])
    .map((entity) => ({ marker: String(entity?.text ?? ''), name: String(entity?.mentioned?.name ?? '') }))
    .filter(({ marker, name }) => marker !== '' && name !== '');
  const mark = (text: string): string =>
    marks.reduce(
      (marked, { marker, name }) => marked.replaceAll(marker, `${open}${name.replace(guards, '')}${shut}`),
      text.replace(guards, ''),
    );
  walk(copy, (node) => {
    const fields =
      node.type === 'TextBlock' ? ['text'] : 'title' in node && 'value' in node && !node.type ? ['title', 'value'] : [];
    for (const field of fields) {
      const text = node[field];
      if (typeof text === 'string') node[field] = mark(text);
    }
  });
  return copy;
}

/** Puts what a person already typed back into a card that is drawn again. */
export function withValues(card: Record<string, unknown>, values: Record<string, string>): Record<string, unknown> {
  walk(card, (node) => {
    const kept = typeof node.id === 'string' && String(node.type).startsWith('Input.') ? values[node.id] : undefined;
    if (kept !== undefined) node.value = kept;
  });
  return card;
}

function walk(value: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (typeof value === 'object' && value !== null) {
    visit(value as Record<string, unknown>);
    for (const item of Object.values(value)) walk(item, visit);
  }
}

/** HTML for the card library: escaped, then bold, italic, http(s) links, line breaks and marked mentions. */
export function markdownHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replace(/\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/g, '<a href="$2" target="_blank" rel="noopener noreferrer">$1</a>')
    .replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replace(/(?<![\w*/=])_([^_\n]+)_(?![\w"])/g, '<em>$1</em>')
    .replace(/\uE000([^\uE001]*)\uE001/g, '<span class="mention">$1</span>')
    .replace(guards, '')
    .replace(/\r?\n/g, '<br>');
}
