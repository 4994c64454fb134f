/** What KARTE's chat widget makes of a message: its text, or buttons and links when the text is JSON in backticks. */
export interface WidgetMessage {
  text: string;
  title: string;
  /** A press sends `text` in the customer's name. */
  buttons: { text: string }[];
  links: { title: string; url: string }[];
}

/** Reads the back-ticked JSON form; everything that is not exactly that form stays the text it is. */
export function widgetMessage(raw: string): WidgetMessage {
  const plain = { text: raw, title: '', buttons: [], links: [] };
  const json = /^`+(\{[\s\S]*\})`+$/.exec(raw.trim())?.[1];
  if (json === undefined) return plain;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return plain; // Not JSON, then it is text: the widget does the same.
  }
  if (!isRecord(value)) return plain;
  const buttons = records(value.buttons).map((button) => ({ text: string(button.text) || string(button.value) }));
  const links = records(value.links).map((item) => ({
    title: string(item.title) || string(item.url),
    url: string(item.url),
  }));
  return {
    text: string(value.text),
    title: string(value.title),
    buttons: buttons.filter((button) => button.text !== ''),
    links: links.filter((item) => /^https?:\/\//i.test(item.url)),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const string = (value: unknown): string => (typeof value === 'string' ? value : '');
