import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figures, perSecond } from './figures.ts';

/** What durability costs on this machine: 4 KiB appended and flushed, one after the other. The store does so once a group of writes. */
export async function disk(figures: Figures): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-bench-'));
  const file = openSync(join(folder, 'flushed'), 'a');
  const block = Buffer.alloc(4096, 1);
  let count = 0;
  const begun = performance.now();
  while (performance.now() - begun < 1_000) {
    writeSync(file, block);
    fsyncSync(file);
    count += 1;
  }
  closeSync(file);
  rmSync(folder, { recursive: true });
  figures.line('flushes to the disk, 4 KiB each', perSecond((count * 1000) / (performance.now() - begun)));
}
