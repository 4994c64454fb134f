import { Cache } from '../../../src/desk/cache.ts';

function counted(most?: number) {
  let time = 0;
  let loads = 0;
  const cache = new Cache<number>(() => time, 100, most);
  return {
    cache,
    get: (key: string) => cache.get(key, async () => ++loads),
    pass: (ms: number) => {
      time += ms;
    },
  };
}

test('a value is loaded once for as long as it lives, and shared by who asks meanwhile', async () => {
  const { get, pass } = counted();
  expect(await Promise.all([get('a'), get('a')])).toEqual([1, 1]);
  pass(99);
  expect(await get('a')).toBe(1);
  pass(1);
  expect(await get('a')).toBe(2);
});

test('what was forgotten is loaded anew', async () => {
  const { cache, get } = counted();
  await get('a');
  cache.forget('a');
  expect(await get('a')).toBe(2);
});

test('a failed load is told to who asked, and not remembered', async () => {
  const cache = new Cache<number>(() => 0, 100);
  await expect(cache.get('a', () => Promise.reject(new Error('store away')))).rejects.toThrow('store away');
  await expect(cache.get('a', async () => 7)).resolves.toBe(7);
});

test('an old load that fails late does not throw a newer value away', async () => {
  const cache = new Cache<number>(() => 0, 100);
  const slow = Promise.withResolvers<number>();
  const asked = cache.get('a', () => slow.promise);
  cache.forget('a');
  expect(await cache.get('a', async () => 1)).toBe(1);
  slow.reject(new Error('late'));
  await expect(asked).rejects.toThrow('late');
  expect(await cache.get('a', async () => 2)).toBe(1);
});

test('the oldest makes room', async () => {
  const { get } = counted(2);
  await get('a');
  await get('b');
  await get('c');
  expect(await get('b')).toBe(2);
  expect(await get('a')).toBe(4);
});
