import type { Play } from './play.ts';

/** One point of the guide: the names of its pictures, and how they come about. */
export interface Scene {
  /** Taken in each language: `docs/images/guide/<name>.<ja|en>.png`. */
  pictures: readonly string[];
  /** When it begins by the clocks in Tokyo, default 10:14 of today. */
  at?: `${number}:${number}`;
  /** Settings of the program that differ, as in `.env.example`. */
  env?: Record<string, string>;
  play(play: Play): Promise<void>;
}
