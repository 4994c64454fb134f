import type { Figures } from './figures.ts';
import { hook, nextNumber } from './hookTraffic.ts';
import { WITHOUT_BUDGET } from './product.ts';
import { contest } from './sideBySide.ts';

/**
 * Hooks that are verified, stored on disk and answered. First while everything that is stored is also being delivered, which
 * takes its share of the same processor; then while Teams asks us to wait (429), as it does at rates a hundred times above what it takes.
 */
export function hooks(figures: Figures): Promise<void> {
  figures.title(`Hooks a second on 100 connections. ${WITHOUT_BUDGET}`);
  return contest(figures, {
    path: '/api/teams/messages',
    make: () => hook(nextNumber()),
    bare: { file: 'bareHooks.ts', what: 'bare restify + HMAC, no store' },
    delivering: 'stored on disk, and delivered meanwhile',
    waiting: 'stored on disk, while Teams asks us to wait',
    wanted: 0.33,
  });
}
