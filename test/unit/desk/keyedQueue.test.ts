import { KeyedQueue } from '../../../src/desk/keyedQueue.ts';

function gate() {
  return Promise.withResolvers<void>();
}

test('work of one key runs one after the other, in the order it was asked for', async () => {
  const queue = new KeyedQueue();
  const log: string[] = [];
  const first = gate();
  const all = [
    queue.run('a', async () => {
      log.push('first begins');
      await first.promise;
      log.push('first ends');
    }),
    queue.run('a', async () => void log.push('second')),
    queue.run('a', async () => void log.push('third')),
  ];
  await Promise.resolve();
  expect(log).toEqual(['first begins']);
  first.resolve();
  await Promise.all(all);
  expect(log).toEqual(['first begins', 'first ends', 'second', 'third']);
});

test('other keys do not wait', async () => {
  const queue = new KeyedQueue();
  const stuck = gate();
  const held = queue.run('a', () => stuck.promise);
  await expect(queue.run('b', async () => 'through')).resolves.toBe('through');
  stuck.resolve();
  await held;
});

test('a failure reaches who asked, and the next one runs all the same', async () => {
  const queue = new KeyedQueue();
  const failing = queue.run('a', () => Promise.reject(new Error('no')));
  const next = queue.run('a', async () => 'went on');
  await expect(failing).rejects.toThrow('no');
  await expect(next).resolves.toBe('went on');
});
