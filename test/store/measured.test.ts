import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { measured } from '../../src/store/measured.ts';
import { sqliteFiles } from './sqliteFiles.ts';

const { open } = sqliteFiles();

test('a store that answers nothing is not waited for, neither with a document nor when it is asked whether it is there', async () => {
  const silent = async () => new Promise<never>(() => undefined);
  const store = await open();
  const desks = Object.assign(Object.create(store.desks), { read: silent });
  const hung = measured({ ...store, ready: silent, desks }, () => undefined);
  const answers = await Promise.race([
    Promise.allSettled([hung.desks.read('desk', 'desk'), hung.ready()]),
    new Promise<string>((resolve) => setTimeout(() => resolve('still waiting'), 4_000).unref()),
  ]);
  const refused = { status: 'rejected', reason: expect.objectContaining({ code: 'store.unavailable' }) };
  expect(answers).toEqual([refused, refused]);
});

test('an answer that came while the process stood still is no late one', async () => {
  const store = await open();
  const { port1: database, port2 } = new MessageChannel();
  const answered = once(port2, 'message').then(() => undefined);
  const desks = Object.assign(Object.create(store.desks), { read: () => answered });
  const read = measured({ ...store, desks }, () => undefined).desks.read('desk', 'desk');
  database.postMessage('the answer');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
  await expect(read).resolves.toBeUndefined();
  database.close();
});
