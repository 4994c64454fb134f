/** Buttons under a message: of a template or of quick replies, as far as a phone's customer can press them here. */
export type LineAction =
  | { type: 'message'; label: string; text: string }
  | { type: 'postback'; label: string; data: string; displayText?: string }
  | { type: 'uri'; label: string; uri: string };

type Fields = Record<string, unknown>;

/** The actions of a message, in the order in which they are shown. */
export function actionsOf({ template, quickReply }: Fields): unknown[] {
  const { actions, columns } = fields(template);
  const ofColumns = list(columns).flatMap((column) => [...list(column.actions), fields(column.action)]);
  const ofQuickReply = list(fields(quickReply).items).map(({ action }) => action);
  return [...list(actions), ...ofColumns, ...ofQuickReply];
}

/** Only http(s) addresses are opened: `javascript:` and the like are not. */
export function isAction(value: unknown): value is LineAction {
  const { type, label, text, data, uri } = fields(value);
  if (typeof label !== 'string') return false;
  if (type === 'message') return typeof text === 'string';
  if (type === 'postback') return typeof data === 'string';
  return type === 'uri' && typeof uri === 'string' && /^https?:\/\//i.test(uri);
}

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fields) : []);
