import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textOf } from '../../../src/desk/message.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';

/** The texts of all messages that a fresh store reads from the file as it is on the disk now; the product keeps its own. */
export async function textsOnDisk(file: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-copy-'));
  const copy = join(folder, 'copy.db');
  // Without a pause in between: nothing of this process writes meanwhile.
  for (const ending of ['', '-wal']) if (existsSync(file + ending)) copyFileSync(file + ending, copy + ending);
  const store = await openSqlite({ path: copy });
  try {
    const found = await store.deliveries.find({});
    return found.flatMap(({ value: { content } }) => (content.type === 'message' ? [textOf(content.message)] : []));
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}
