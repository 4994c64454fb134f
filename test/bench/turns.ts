import type { Figures } from './figures.ts';
import { nextNumber } from './hookTraffic.ts';
import { WITHOUT_BUDGET } from './product.ts';
import { contest } from './sideBySide.ts';
import { turn } from './turnTraffic.ts';

/**
 * Operators' replies: read, stored on disk and answered. First while they are being sent to the customers and confirmed by a reaction, which
 * takes its share of the same processor; then while KARTE asks us to wait (429).
 */
export function turns(figures: Figures): Promise<void> {
  figures.title(`Bot turns a second on 100 connections, nobody authenticated. ${WITHOUT_BUDGET}`);
  return contest(figures, {
    path: '/api/messages',
    make({ connector: { url, threads } }) {
      const number = nextNumber();
      return turn(number, { serviceUrl: url, threadId: threads[number % threads.length] ?? '' });
    },
    bare: { file: 'bareTurns.ts', what: 'bare restify + CloudAdapter, text read, no store' },
    delivering: 'stored on disk, and sent meanwhile',
    waiting: 'stored on disk, while KARTE asks us to wait',
    wanted: 0.6,
  });
}
