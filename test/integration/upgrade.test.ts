import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { messagePosts } from '../faults/scene.ts';
import { writeLayoutOne } from './layoutOne.ts';
import { until } from './moves.ts';
import { conversation, type Stand, stand } from './stand.ts';

const WORDS = '在庫はありますか';
type Calls = Record<string, (...args: unknown[]) => unknown>;

describe('a database file of the first release', () => {
  const folder = mkdtempSync(join(tmpdir(), 'madoguchi-upgrade-'));
  let s: Stand;
  let current: Store;
  let files = 0;
  afterEach(async () => {
    await s.close();
    await current.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const aPath = () => join(folder, `${++files}.db`);

  /** A store whose file can be changed for another. */
  function exchangeable(): Store {
    const parts = Object.entries(current).map(([name, part]) => {
      const now = () => current[name as keyof Store] as unknown as Calls;
      if (typeof part !== 'object') return [name, part];
      const methods = ['insert', 'read', 'replace', 'remove', 'find'];
      return [name, Object.fromEntries(methods.map((each) => [each, (...args: unknown[]) => now()[each]?.(...args)]))];
    });
    return { ...Object.fromEntries(parts), close: async () => undefined } as Store;
  }

  test.each<[string, string]>([
    ['with the record of its lane', 'SELECT 1'],
    ['of whose lane no record tells', 'DELETE FROM lanes'],
  ])('opens, and what is open in it %s goes on', async (_name, change) => {
    const [newer, older] = [aPath(), aPath()];
    current = await openSqlite({ path: newer });
    s = await stand({ replace: { store: exchangeable() } });
    const { customer } = await conversation(s.simulator, 'member-a');
    customer.write(WORDS);
    await s.simulator.waitFor(() => messagePosts(s, WORDS)[0]?.status === 201);
    await until(() => s.running.desk.lanes.depth().waiting === 0);
    await current.close();
    writeLayoutOne(newer, older);
    const database = new DatabaseSync(older);
    database.exec(change);
    // It was never sent, as far as this file knows.
    const open = `UPDATE deliveries SET state = 'open', body = json_set(body, '$.state', 'open') WHERE body LIKE '%${WORDS}%'`;
    expect(database.prepare(open).run().changes).toBe(1);
    database.close();

    current = await openSqlite({ path: older });
    await s.crash();
    await s.simulator.waitFor(() => messagePosts(s, WORDS).length === 2);
    await until(() => s.running.desk.lanes.depth().waiting === 0);
    expect(await current.deliveries.find({ where: { state: 'open' } })).toEqual([]);
    const [lane] = await current.lanes.find({ from: 0 });
    expect(lane?.value).toMatchObject({ driver: expect.any(String), due: expect.any(Number) });
    // New messages go their way as before.
    customer.write('もう一つあります');
    await s.simulator.waitFor(() => messagePosts(s, 'もう一つ')[0]?.status === 201);
  });
});
