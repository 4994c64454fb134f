import type { Fault, FaultsState, Side } from '../state.ts';
import { t } from './language.ts';

const statuses = [400, 401, 403, 404, 412, 413, 429, 500, 502, 503, 504] as const;
const slowCallMs = 5_000;

/** What the next call can meet. `lost…` = the effect happens and only the answer is lost. */
export type FaultKind = `${(typeof statuses)[number]}` | 'lost502' | 'reset' | 'lostReset' | 'hang' | 'slow';

/** The choices of the panel, in the page's language. */
export function faultKinds(): { kind: FaultKind; words: string }[] {
  return [
    ...statuses.map((status) => ({ kind: `${status}` as FaultKind, words: t(`http_${status}`) })),
    { kind: 'lost502', words: t('faultLost502') },
    { kind: 'reset', words: t('faultReset') },
    { kind: 'lostReset', words: t('faultLostReset') },
    { kind: 'hang', words: t('faultHang') },
    { kind: 'slow', words: t('faultSlow', { n: slowCallMs / 1000 }) },
  ];
}

/** The request that plans such a fault. Only POSTs are meant: a message that is on its way, not a look-up. */
export function faultOf(side: Side, kind: FaultKind, times: number): Fault {
  const base = { side, times, method: 'POST' };
  if (kind === 'reset') return { ...base, reset: 'before' };
  if (kind === 'lostReset') return { ...base, reset: 'after' };
  if (kind === 'hang') return { ...base, hang: 'before' };
  if (kind === 'slow') return { ...base, delayMs: slowCallMs };
  if (kind === 'lost502') return { ...base, status: 502, effect: true };
  // LINE names no time to wait.
  if (kind === '429' && side !== 'line') return { ...base, status: 429, headers: { 'Retry-After': '2' } };
  return { ...base, status: Number(kind) };
}

const sideWords = { teams: 'sideTeams', karte: 'sideKarte', line: 'sideLine' } as const;

export const sideWord = (side: Side): string => t(sideWords[side]);

/** One line for everything that is planned or switched on. */
export function plannedWords(faults: FaultsState): string[] {
  const switched = (['teams', 'karte', 'line'] as const).flatMap((side) => [
    ...(faults[side].offline ? [t('plannedOffline', { side: sideWord(side) })] : []),
    ...(faults[side].slowMs > 0 ? [t('plannedSlow', { side: sideWord(side), n: faults[side].slowMs / 1000 })] : []),
  ]);
  return [
    ...switched,
    ...faults.planned.map((fault) => t('planned', { side: sideWord(fault.side), what: wordsOf(fault), n: fault.left })),
  ];
}

function wordsOf(fault: Fault): string {
  if (fault.reset) return t(fault.reset === 'after' ? 'faultLostReset' : 'faultReset');
  if (fault.hang) return t('faultHang');
  if (fault.status !== undefined) return fault.effect ? t('faultLost502') : `HTTP ${fault.status}`;
  return fault.delayMs !== undefined ? t('faultSlow', { n: fault.delayMs / 1000 }) : 'HTTP 500';
}
