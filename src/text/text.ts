import { en } from './en.ts';
import { ja, type SentenceKey } from './ja.ts';

export type Locale = 'ja' | 'en';
export type { SentenceKey };

/** Says a sentence in one language, its `{fillings}` filled in. */
export type Say = (key: SentenceKey, values?: Record<string, string | number>) => string;

const languages: Record<Locale, Record<SentenceKey, string>> = { ja, en };

export function speaker(locale: Locale): Say {
  const sentences = languages[locale];
  return (key, values = {}) => sentences[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** What to say of an error that a person can understand; `undefined` for every other, which is a fault of ours. */
export function sentenceOf(error: unknown, say: Say): string | undefined {
  const { code, values } = (error ?? {}) as { code?: unknown; values?: Record<string, string> };
  return typeof code === 'string' && Object.hasOwn(ja, code) ? say(code as SentenceKey, values) : undefined;
}

/** The sentence of an error code; a code without one is an internal error to whoever reads it. */
export function keyOf(code: string): SentenceKey {
  return Object.hasOwn(ja, code) ? (code as SentenceKey) : 'internal';
}
