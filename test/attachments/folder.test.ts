import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderStorage } from '../../src/attachments/folder.ts';
import { behavesLikeAStorage } from './contract.ts';

const LABEL = { name: 'a.png', type: 'image/png' };
const NOON = 2_000_001_600;

describe('attachments in a folder', () => {
  let folder: string;
  let storage: FolderStorage;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'madoguchi-test-'));
    storage = new FolderStorage(join(folder, 'made', 'when needed'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  behavesLikeAStorage(() => storage);

  test('nothing is left of what could not be written, and nobody else on the machine may read the rest', async () => {
    const place = join(folder, 'private');
    const own = new FolderStorage(place);
    await own.put({ id: 'one', until: NOON }, LABEL, Buffer.from('x'));
    const [day = ''] = await readdir(place);
    expect(day).toBe('2033-05-18');
    expect(await readdir(join(place, day))).toEqual(['one']);
    expect((await stat(join(place, day, 'one'))).mode & 0o077).toBe(0);
    expect((await stat(join(place, day))).mode & 0o077).toBe(0);
  });

  test('a sweep of a folder that is not there yet, or holds things of others, is none', async () => {
    expect(await new FolderStorage(join(folder, 'never made')).sweep(Date.now())).toBe(0);
    await writeFile(join(folder, 'README'), 'x');
    expect(await new FolderStorage(folder).sweep(Date.now())).toBe(0);
    expect(await readdir(folder)).toContain('README');
  });

  test('a place that is no folder is said', async () => {
    await writeFile(join(folder, 'file'), 'x');
    const wrong = new FolderStorage(join(folder, 'file'));
    await expect(wrong.put({ id: 'one', until: NOON }, LABEL, Buffer.from('x'))).rejects.toThrow();
  });

  test('without a path it is a folder of its own, gone at the end', async () => {
    const own = new FolderStorage();
    await own.put({ id: 'one', until: NOON }, LABEL, Buffer.from('x'));
    expect(await own.find({ id: 'one', until: NOON })).toMatchObject({ bytes: 1 });
    await own.close();
    await expect(own.put({ id: 'two', until: NOON }, LABEL, Buffer.from('x'))).resolves.toBeUndefined();
    await own.close();
  });
});
