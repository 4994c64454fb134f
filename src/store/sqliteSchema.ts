import type { DatabaseSync } from 'node:sqlite';

/**
 * The layout's history: step n brings a database from version n to n + 1. A step that was released is never changed, only
 * followed by another; that is why it names fields itself instead of asking `collections`.
 */
const steps: readonly string[][] = [
  [
    table('desks', ['tenantId', 'createdAt'], [['tenantId', 'createdAt'], ['createdAt']]),
    table('connections', ['deskId', 'createdAt'], [['deskId', 'createdAt'], ['createdAt']]),
    table(
      'conversations',
      ['deskId', 'status', 'createdAt'],
      [['deskId', 'createdAt'], ['status', 'createdAt'], ['createdAt']],
    ),
    // No index by `toward`: half of all deliveries have each value, and a conversation's own are few.
    table(
      'deliveries',
      ['state', 'conversationId', 'toward', 'order'],
      [['state', 'partition', 'order'], ['conversationId', 'order'], ['order']],
    ),
    table('threads', [], []),
    table('operators', ['operatorId', 'linkedAt'], [['operatorId', 'partition']]),
    table('turns', ['at'], []),
    table('dialogs', ['expiresAt'], []),
    table('lanes', [], []),
  ],
  // Lanes are driven under leases: what ends next is found by `due`. Lanes with open work are found without one.
  [
    'ALTER TABLE "lanes" ADD COLUMN "due" ANY',
    'CREATE INDEX "lanes by due" ON "lanes" ("due") WHERE "due" IS NOT NULL',
  ],
  // Customers who wait for an answer, by when the thread is to be reminded of them.
  [table('waits', ['dueAt'], [['dueAt']])],
  [table('canned', ['createdAt'], [['partition', 'createdAt']])],
  // A desk's open conversations are few among all that were ever closed.
  ['CREATE INDEX "conversations by deskId, status" ON "conversations" ("deskId", "status", "createdAt")'],
];

/** Creates the tables or brings them up to date, in one transaction. Throws for a database that a newer release has written. */
export function migrate(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > steps.length)
    throw new Error(`the database has layout ${version}; this release knows up to ${steps.length}`);
  for (const statement of steps.slice(version).flat()) database.exec(statement);
  database.exec(`PRAGMA user_version = ${steps.length}; COMMIT`);
}

/** Searched fields have no declared type (`ANY`), so that '1' and 1 stay apart. */
function table(name: string, fields: string[], indexes: string[][]): string {
  const columns = fields.map((field) => `"${field}" ANY, `).join('');
  return [
    `CREATE TABLE "${name}" ("partition" TEXT NOT NULL, "id" TEXT NOT NULL, "version" INTEGER NOT NULL, "expires_at" INTEGER, ${columns}"body" TEXT NOT NULL, PRIMARY KEY ("partition", "id")) STRICT`,
    ...indexes.map(
      (index) => `CREATE INDEX "${name} by ${index.join(', ')}" ON "${name}" (${index.map((field) => `"${field}"`)})`,
    ),
    `CREATE INDEX "${name} by end" ON "${name}" ("expires_at") WHERE "expires_at" IS NOT NULL`,
  ].join(';\n');
}
