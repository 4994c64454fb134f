import type { Play } from './play.ts';

/** One point of the guide: the names of its pictures, and how they come about. */
export interface Scene {
  /** Taken in each language: `docs/images/guide/<name>.<ja|en>.png`. */
  pictures: readonly string[];
  play(play: Play): Promise<void>;
}
