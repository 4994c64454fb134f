import { RecentRows, type StoredRow } from '../../src/store/recentRows.ts';

const aRow = (body: string, end: number | null = null): StoredRow => ({ version: 1, body, expires_at: end });

describe('rows that were read', () => {
  test('are not read again', async () => {
    const rows = new RecentRows();
    const load = jest.fn(async () => aRow('{}'));
    expect(await rows.read('a', load)).toEqual(aRow('{}'));
    expect(await rows.read('a', load)).toEqual(aRow('{}'));
    expect(load).toHaveBeenCalledTimes(1);
  });

  test('are read again once they were written, and so is what is not there', async () => {
    const rows = new RecentRows();
    const load = jest.fn(async () => aRow('{}'));
    await rows.read('a', load);
    rows.forget('a');
    await rows.read('a', load);
    expect(load).toHaveBeenCalledTimes(2);
    const nothing = jest.fn(async () => undefined);
    await rows.read('b', nothing);
    await rows.read('b', nothing);
    expect(nothing).toHaveBeenCalledTimes(2);
  });

  test('are not kept when something was written while they were being read', async () => {
    const rows = new RecentRows();
    const old = Promise.withResolvers<StoredRow>();
    const reading = rows.read('a', () => old.promise);
    rows.forget('a');
    old.resolve(aRow('old'));
    expect(await reading).toEqual(aRow('old'));
    expect(await rows.read('a', async () => aRow('new'))).toEqual(aRow('new'));
  });

  test('are not kept when they have an end', async () => {
    const rows = new RecentRows();
    await rows.read('a', async () => aRow('old', 5));
    expect(await rows.read('a', async () => undefined)).toBeUndefined();
  });

  test('make room for newer ones', async () => {
    const rows = new RecentRows();
    const big = 'x'.repeat(1_500_000);
    for (const key of ['a', 'b', 'c']) await rows.read(key, async () => aRow(big));
    const load = jest.fn(async () => aRow('{}'));
    await rows.read('c', load);
    await rows.read('b', load);
    expect(load).not.toHaveBeenCalled();
    await rows.read('a', load);
    expect(load).toHaveBeenCalledTimes(1);
  });
});
