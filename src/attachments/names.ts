import type { PictureWish } from '../desk/pictures.ts';
import type { FileType } from './fileType.ts';

type Kind = PictureWish['kind'];

/** What a file without a name of its own is called. */
const CALLED: Record<Kind, string> = { image: 'picture', video: 'video', audio: 'audio', file: 'file' };

const ENDING = /\.[A-Za-z0-9]{1,5}$/;

/** A name to save a file under: without signs that lead elsewhere or turn around, and with the ending that its bytes ask for, where they tell. */
export function namedBy(name: string | undefined, kind: Kind, known: FileType | undefined): string {
  const clean = (name ?? '')
    .replace(/[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|;%]/gu, '')
    .replace(/^\.+/, '')
    .trim();
  const ending = known ? `.${known.ending}` : (ENDING.exec(clean)?.[0] ?? '');
  return `${[...clean.replace(ENDING, '')].slice(0, 60).join('') || CALLED[kind]}${ending}`;
}

/** The name in a link: names of people's own making would stand percent-encoded in what customers read. */
export function linkName(name: string, kind: Kind): string {
  return /^[\w.-]{1,60}$/.test(name) ? name : `${CALLED[kind]}${ENDING.exec(name)?.[0] ?? ''}`;
}
