import { h, type Piece, setAttribute, setText } from './dom.ts';

/** The round picture of somebody: initials on one of a few calm colours that follows from the id. */
export function avatar(): Piece<{ id: string; name: string; bot?: boolean }> {
  const element = h('span', { class: 'avatar', 'aria-hidden': 'true' });
  return {
    element,
    update({ id, name, bot }) {
      setText(element, initials(name));
      setAttribute(element, 'data-tone', bot ? 'bot' : toneOf(id));
    },
  };
}

/** 山田 花子 → 山田, Ken Sato → KS, KARTE → K */
export function initials(name: string): string {
  const words = name
    .replace(/[(（].*$/u, '')
    .trim()
    .split(/\s+/u)
    .filter(Boolean);
  const first = words[0] ?? '?';
  if (/[\u3040-\u30ff\u4e00-\u9fff]/u.test(first)) return [...first].slice(0, 2).join('');
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();
}

const tones = 6;

function toneOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 33 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % tones;
}
