import { DatabaseSync } from 'node:sqlite';

/** The tables of the first release, as it made them: name, searched fields, indexes. */
const TABLES: [string, string[], string[][]][] = [
  ['desks', ['tenantId', 'createdAt'], [['tenantId', 'createdAt'], ['createdAt']]],
  ['connections', ['deskId', 'createdAt'], [['deskId', 'createdAt'], ['createdAt']]],
  [
    'conversations',
    ['deskId', 'status', 'createdAt'],
    [['deskId', 'createdAt'], ['status', 'createdAt'], ['createdAt']],
  ],
  [
    'deliveries',
    ['state', 'conversationId', 'toward', 'order'],
    [['state', 'partition', 'order'], ['conversationId', 'order'], ['order']],
  ],
  ['threads', [], []],
  ['operators', ['operatorId', 'linkedAt'], [['operatorId', 'partition']]],
  ['turns', ['at'], []],
  ['dialogs', ['expiresAt'], []],
  ['lanes', [], []],
];

/** Writes the rows of a database into a new file as the first release would have left it: its lanes knew only whether they were left in order. */
export function writeLayoutOne(from: string, to: string): void {
  const database = new DatabaseSync(to);
  database.exec(`ATTACH '${from}' AS source`);
  for (const [name, fields, indexes] of TABLES) {
    const columns = fields.map((field) => `"${field}" ANY, `).join('');
    database.exec(
      `CREATE TABLE "${name}" ("partition" TEXT NOT NULL, "id" TEXT NOT NULL, "version" INTEGER NOT NULL, "expires_at" INTEGER, ${columns}"body" TEXT NOT NULL, PRIMARY KEY ("partition", "id")) STRICT`,
    );
    for (const index of indexes) {
      const over = index.map((field) => `"${field}"`).join();
      database.exec(`CREATE INDEX "${name} by ${index.join(', ')}" ON "${name}" (${over})`);
    }
    database.exec(`CREATE INDEX "${name} by end" ON "${name}" ("expires_at") WHERE "expires_at" IS NOT NULL`);
    const all = ['partition', 'id', 'version', 'expires_at', ...fields, 'body'].map((field) => `"${field}"`).join();
    database.exec(`INSERT INTO main."${name}" (${all}) SELECT ${all} FROM source."${name}"`);
  }
  database.exec(`UPDATE lanes SET body = json_object('id', id, 'clean', json('false'))`);
  database.exec('PRAGMA user_version = 1');
  database.close();
}
