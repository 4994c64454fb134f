import { type Word, words } from './words.ts';

/** Which language the page speaks: Japanese first, English by choice, remembered by the browser. */
export type Language = keyof typeof words;

const storageKey = 'madoguchi.language';
let current: Language = localStorage.getItem(storageKey) === 'en' ? 'en' : 'ja';
document.documentElement.lang = current;

export const language = (): Language => current;

/** Changes the language; the caller draws the page again. */
export function setLanguage(next: Language): void {
  current = next;
  localStorage.setItem(storageKey, next);
  document.documentElement.lang = next;
}

/** The sentence for `word`, its `{places}` filled in. */
export function t(word: Word, places: Record<string, string | number> = {}): string {
  return words[current][word].replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole));
}

/** 14:05 today, 11/21 14:05 on other days, in the page's language. */
export function timeText(iso: string): string {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  const day: Intl.DateTimeFormatOptions = today ? {} : { month: 'numeric', day: 'numeric' };
  return new Intl.DateTimeFormat(current, { ...day, hour: '2-digit', minute: '2-digit', hour12: false }).format(at);
}
