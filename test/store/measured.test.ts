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
