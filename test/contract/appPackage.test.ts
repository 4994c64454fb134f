import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readPackageSource } from '../../appPackage/source.ts';
import { type Command, readCommand } from '../../dialogs/grammar.ts';
import { type Picture, pngPixels } from './pngPixels.ts';
import { validateLocalization, validateManifest } from './schemas.ts';

const source = readPackageSource();
const product: { version: string } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8'),
);
const commands = source.manifest.bots[0].commandLists.flatMap((list) => list.commands);

describe('what lies in appPackage', () => {
  test('the manifest follows schema v1.25', () => {
    expect(validateManifest(source.manifest)).toEqual([]);
  });

  test.each(Object.entries(source.languages))('%s follows the schema of language files', (_, texts) => {
    expect(validateLocalization(texts)).toEqual([]);
  });

  test('there is a Japanese file and an English one', () => {
    expect(Object.keys(source.languages)).toEqual(['ja.json', 'en.json']);
  });

  test('shared and private channels are supported, and the team is where the app goes', () => {
    expect(source.manifest).toMatchObject({
      supportsChannelFeatures: 'tier1',
      defaultInstallScope: 'team',
      defaultGroupCapability: { team: 'bot' },
      permissions: ['identity', 'messageTeamMembers'],
      bots: [{ scopes: ['team'], commandLists: [{ scopes: ['team'] }] }],
    });
  });

  test("the version is the product's", () => {
    expect(source.manifest.version).toBe(product.version);
  });

  test('the Japanese file says what the manifest says', () => {
    const { name, description } = source.manifest as typeof source.manifest & { description: Record<string, string> };
    const { $schema: _, ...texts } = source.languages['ja.json'] ?? {};
    const listed = commands.flatMap(({ title, description: text }, at) => [
      [`bots[0].commandLists[0].commands[${at}].title`, title],
      [`bots[0].commandLists[0].commands[${at}].description`, text],
    ]);
    expect(texts).toEqual({
      'name.short': name.short,
      'name.full': name.full,
      'description.short': description.short,
      'description.full': description.full,
      ...Object.fromEntries(listed),
    });
  });

  test('every language has the same texts', () => {
    const [ja, en] = Object.values(source.languages).map((texts) => Object.keys(texts).toSorted());
    expect(en).toEqual(ja);
  });
});

describe('the command menu', () => {
  const menu: Command['name'][] = [
    'help',
    'setup',
    'operatorLink',
    'operatorUnlink',
    'operatorAssign',
    'operatorUnassign',
    'event',
    'adminAdd',
    'adminList',
    'cannedList',
    'doctor',
  ];
  const rows = Object.entries(source.languages).flatMap(([file, texts]) =>
    menu.map((name, at): [string, string, string] => [
      texts[`bots[0].commandLists[0].commands[${at}].title`] ?? '',
      file,
      name,
    ]),
  );

  test('offers what this release can do', () => {
    expect(commands).toHaveLength(menu.length);
  });

  test.each(rows)('"%s" in %s is read as the command %s when it is picked', (title, _, name) => {
    expect(readCommand(title)).toMatchObject({ kind: 'command', command: { name } });
  });

  test('fits on the menu: descriptions of one short line', () => {
    const descriptions = Object.values(source.languages).flatMap((texts) =>
      Object.keys(texts)
        .filter((key) => key.endsWith('].description'))
        .map((key) => texts[key]),
    );
    expect(descriptions.filter((text = '') => text.length > 64 || /[\n。.]$/.test(text))).toEqual([]);
  });
});

describe('the icons', () => {
  const bytes = source.icons as Record<'color.png' | 'outline.png', Uint8Array>;

  test('the colour icon is 192 x 192 and fills its square', () => {
    const { width, height, pixels } = pngPixels(bytes['color.png']);
    expect([width, height]).toEqual([192, 192]);
    expect(pixels.every(([, , , alpha]) => alpha === 255)).toBe(true);
  });

  test('the drawing stays in the middle 120 x 120, on the accent colour', () => {
    const { accentColor } = source.manifest as typeof source.manifest & { accentColor: string };
    const edge = (192 - 120) / 2;
    const around = pixelsWhere(
      pngPixels(bytes['color.png']),
      (x, y) => Math.min(x, y) < edge || Math.max(x, y) >= 192 - edge,
    );
    expect(new Set(around.map(([r, g, b]) => `#${Buffer.from([r, g, b]).toString('hex').toUpperCase()}`))).toEqual(
      new Set([accentColor]),
    );
  });

  test('the outline icon is 32 x 32 and nothing but white on transparent', () => {
    const { width, height, pixels } = pngPixels(bytes['outline.png']);
    expect([width, height]).toEqual([32, 32]);
    const drawn = pixels.filter(([, , , alpha]) => alpha > 0);
    expect(drawn.every(([r, g, b]) => r === 255 && g === 255 && b === 255)).toBe(true);
    expect(drawn.some(([, , , alpha]) => alpha === 255)).toBe(true);
    expect(drawn.length).toBeLessThan(pixels.length / 2);
  });
});

function pixelsWhere({ width, pixels }: Picture, wanted: (x: number, y: number) => boolean): Picture['pixels'] {
  return pixels.filter((_, at) => wanted(at % width, Math.floor(at / width)));
}
