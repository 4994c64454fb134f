import { openSqlite } from '../../src/store/sqlite.ts';
import { aDelivery } from './documents.ts';

/**
 * A process that owns the file named by its argument and inserts without an end, 20 at a time. It prints the id of each delivery
 * that the store has acknowledged, once it has; whoever started it kills it.
 */
async function main(path: string): Promise<void> {
  const store = await openSqlite({ path });
  process.stdout.write('open\n');
  for (;;) {
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const delivery = aDelivery({ lane: 'lane' });
        if (await store.deliveries.insert(delivery)) process.stdout.write(`${delivery.id}\n`);
      }),
    );
  }
}

void main(process.argv[2] ?? '');
