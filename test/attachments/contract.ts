import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Key, Storage } from '../../src/attachments/storage.ts';

const DAY = 24 * 60 * 60;
/** Noon of a day long past (Unix s): what ends there is over for every sweep, and no other test keeps anything there. */
const PAST = 1_000_000_800;

let count = 0;

/** A key that no other test uses; it ends in a month. */
function aKey(until = Math.floor(Date.now() / 1000) + 30 * DAY): Key {
  count += 1;
  return { id: `attachment-${process.pid}-${count}`, until };
}

/** What every storage does alike. `storage` gives the one that this run is about. */
export function behavesLikeAStorage(storage: () => Storage): void {
  const label = { name: '領収書 (1).png', type: 'image/png' };

  test('what was put is found and read back as it was, whatever its name and bytes', async () => {
    const key = aKey();
    const bytes = Buffer.concat([Buffer.from('\n{"a":1}\n\0'), Buffer.alloc(300_000, 7)]);
    await storage().put(key, label, bytes);
    expect(await storage().find(key)).toEqual({ ...label, bytes: bytes.length });
    const opened = await storage().open(key);
    expect(opened).toMatchObject({ ...label, bytes: bytes.length });
    expect(opened && (await buffer(opened.body))).toEqual(bytes);
  });

  test('a file without a byte is a file', async () => {
    const key = aKey();
    await storage().put(key, label, Buffer.alloc(0));
    const opened = await storage().open(key);
    expect(opened && (await buffer(opened.body))).toHaveLength(0);
  });

  test('what is not there, or not under this end, is undefined', async () => {
    const key = aKey();
    await storage().put(key, label, Buffer.from('x'));
    for (const other of [aKey(), { ...key, until: key.until + DAY }]) {
      expect(await storage().find(other)).toBeUndefined();
      expect(await storage().open(other)).toBeUndefined();
    }
  });

  test('putting the same once more, also at the same time, changes nothing', async () => {
    const key = aKey();
    const put = () => storage().put(key, label, Buffer.from('same'));
    await Promise.all([put(), put(), put()]);
    await put();
    const opened = await storage().open(key);
    expect(opened && (await buffer(opened.body)).toString()).toBe('same');
  });

  test('what is removed is gone, only that, and removing it once more is no mistake', async () => {
    const [key, other] = [aKey(), aKey()];
    for (const one of [key, other]) await storage().put(one, label, Buffer.from('x'));
    for (let time = 0; time < 2; time++) await storage().remove(key);
    await storage().remove(aKey(PAST + 20 * DAY));
    expect(await storage().open(key)).toBeUndefined();
    expect(await storage().find(other)).toMatchObject({ bytes: 1 });
    await storage().put(key, label, Buffer.from('anew'));
    expect(await storage().find(key)).toMatchObject({ bytes: 4 });
  });

  test('a large file comes back as it was', async () => {
    const key = aKey();
    const bytes = randomBytes(25 * 1024 * 1024);
    await storage().put(key, label, bytes);
    const opened = await storage().open(key);
    const read = opened && (await buffer(opened.body));
    expect(read?.equals(bytes)).toBe(true);
  });

  test('a sweep removes whole days that are over, and nothing else', async () => {
    const [old, older, today, later] = [
      aKey(PAST),
      aKey(PAST - 3 * DAY),
      aKey(PAST + DAY),
      aKey(PAST + 40 * DAY),
    ] as const;
    for (const key of [old, older, today, later]) await storage().put(key, label, Buffer.from('x'));
    // At the end of the day after: what ended on that very day is kept until the next.
    expect(await storage().sweep((PAST + DAY + DAY / 4) * 1000)).toBe(2);
    const found = [old, older, today, later].map(async (key) => (await storage().find(key)) !== undefined);
    expect(await Promise.all(found)).toEqual([false, false, true, true]);
  });

  test.each(['../escape', 'a/b', '', '.', 'a'.repeat(65), 'x\0'])(
    'an id that leads elsewhere (%j) is none',
    async (id) => {
      const key = { ...aKey(), id };
      await expect(storage().put(key, label, Buffer.from('x'))).rejects.toThrow(TypeError);
      await expect(storage().open(key)).rejects.toThrow(TypeError);
    },
  );

  test('whoever reads only a little leaves nothing open', async () => {
    const key = aKey();
    await storage().put(key, label, Buffer.alloc(2_000_000));
    const opened = await storage().open(key);
    opened?.body.destroy();
    await new Promise((resolve) => opened?.body.once('close', resolve));
    await storage().put(key, label, Buffer.alloc(2_000_000));
  });
}
