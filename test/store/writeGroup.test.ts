import { DatabaseSync } from 'node:sqlite';
import { type Ask, WriteGroup } from '../../src/store/writeGroup.ts';

const put = (id: unknown): Ask => ({ kind: 'run', sql: 'INSERT INTO things VALUES (?)', values: [id as string] });
const all: Ask = { kind: 'all', sql: 'SELECT id FROM things', values: [] };

/** A group over a database in memory whose commits are counted. */
function aGroup(inPlace?: () => void) {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE things (id TEXT NOT NULL) STRICT');
  const exec = jest.spyOn(database, 'exec');
  const commits = () => exec.mock.calls.filter(([sql]) => sql === 'COMMIT').length;
  return { group: new WriteGroup(database, inPlace), database, commits };
}

describe('what was asked for together', () => {
  test('shares one transaction, and reads in it see the writes before them', () => {
    const { group, commits } = aGroup();
    const results = group.run([put('a'), all, put('b'), all]);
    expect(results).toEqual([
      { value: 1 },
      { value: [expect.objectContaining({ id: 'a' })] },
      { value: 1 },
      { value: [expect.objectContaining({ id: 'a' }), expect.objectContaining({ id: 'b' })] },
    ]);
    expect(commits()).toBe(1);
  });

  test('needs no transaction when all of it only reads', () => {
    const { group, commits } = aGroup();
    expect(group.run([all, all])).toEqual([{ value: [] }, { value: [] }]);
    expect(commits()).toBe(0);
  });

  test('stands also when one of it fails, which alone is told so', () => {
    const { group, commits } = aGroup();
    const results = group.run([put('a'), put(null), put({}), put('b')]);
    expect(results.map((result) => 'error' in result)).toEqual([false, true, true, false]);
    expect(group.run([all])).toEqual([{ value: [expect.objectContaining({ id: 'a' }), expect.anything()] }]);
    expect(commits()).toBe(1);
  });

  test('is told of no success when the file is no longer in its place', () => {
    const { group } = aGroup(() => {
      throw new Error('the database file was replaced');
    });
    const results = group.run([put('a'), put('b'), all]);
    expect(results.every((result) => 'error' in result)).toBe(true);
  });

  test('is told of no success when the commit fails, and the next group is not held up', () => {
    const { group, database } = aGroup();
    const exec = DatabaseSync.prototype.exec.bind(database);
    let failures = 1;
    jest.spyOn(database, 'exec').mockImplementation((sql) => {
      if (sql === 'COMMIT' && failures-- > 0) throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
      exec(sql);
    });
    expect(group.run([put('a')])).toEqual([{ error: expect.objectContaining({ errcode: 10 }) }]);
    expect(group.run([put('b'), all])).toEqual([{ value: 1 }, { value: [expect.objectContaining({ id: 'b' })] }]);
  });
});
