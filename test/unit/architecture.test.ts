import { codeOf, filesIn, type Import, importsOf, sourceOf } from './imports.ts';

const product = ['src', 'cards', 'dialogs'].flatMap((folder) => filesIn(folder));
const everything = [...product, ...filesIn('simulator'), ...filesIn('appPackage')];
const imports = everything.flatMap(importsOf);

const isPackage = (to: string) => !/^(src|cards|dialogs|simulator|appPackage|test|docs)\//.test(to);
const show = ({ from, to }: Import) => `${from} imports ${to}`;

/** What files of one place import against the rule. */
function offences(place: RegExp, allowed: (each: Import) => boolean): string[] {
  const here = imports.filter(({ from }) => place.test(from));
  expect(here.length).toBeGreaterThan(0);
  return here.filter((each) => !allowed(each)).map(show);
}

describe('who may know whom', () => {
  test('the desk knows nothing but the desk', () => {
    expect(offences(/^src\/desk\//, ({ to }) => to.startsWith('src/desk/'))).toEqual([]);
  });

  test('a channel knows itself, the desk and what all channels share', () => {
    const own = (from: string) => /^src\/channels\/[^/]+\//.exec(from)?.[0] ?? 'src/channels/';
    expect(
      offences(
        /^src\/channels\/[^/]+\//,
        ({ from, to }) =>
          isPackage(to) || to.startsWith(own(from)) || to.startsWith('src/desk/') || to === 'src/channels/channel.ts',
      ),
    ).toEqual([]);
  });

  test('what all channels share knows no Teams and no store', () => {
    expect(offences(/^src\/channels\//, ({ to }) => !/^src\/(teams|store)\//.test(to))).toEqual([]);
  });

  test('Teams knows no channel and no store', () => {
    expect(offences(/^src\/teams\//, ({ to }) => !/^src\/(channels|store)\//.test(to))).toEqual([]);
  });

  test('the store knows nothing but the desk', () => {
    expect(offences(/^src\/store\//, ({ to }) => isPackage(to) || /^src\/(store|desk)\//.test(to))).toEqual([]);
  });

  test('attachments know the desk and the sentences, and are known by its port', () => {
    expect(
      offences(/^src\/attachments\//, ({ to }) => isPackage(to) || /^src\/(attachments|desk|text)\//.test(to)),
    ).toEqual([]);
    const users = imports.filter(
      ({ from, to }) => to.startsWith('src/attachments/') && !from.startsWith('src/attachments/'),
    );
    const whoMay = /^src\/(assembly|server|teams\/pictures)\.ts$/;
    expect(users.map(({ from }) => from).filter((from) => !whoMay.test(from))).toEqual([]);
  });

  test('texts know nobody', () => {
    expect(offences(/^src\/text\//, ({ to }) => to.startsWith('src/text/'))).toEqual([]);
  });

  test('cards and dialogs take types of the desk and sentences, nothing else of src', () => {
    const mayBe = ({ to, typesOnly }: Import) =>
      !to.startsWith('src/') || to.startsWith('src/text/') || (to.startsWith('src/desk/') && typesOnly);
    expect(offences(/^(cards|dialogs)\//, mayBe)).toEqual([]);
  });

  test('cards know no dialogs', () => {
    expect(offences(/^cards\//, ({ to }) => !to.startsWith('dialogs/'))).toEqual([]);
  });

  test('only the assembly knows every room', () => {
    const rooms = (from: string) =>
      new Set(
        importsOf(from)
          .filter(({ typesOnly }) => !typesOnly)
          .flatMap(({ to }) => /^src\/(channels|teams|store)\//.exec(to)?.[1] ?? []),
      );
    const knowAll = product.filter((file) => rooms(file).size === 3);
    expect(knowAll).toEqual(['src/assembly.ts']);
  });

  test('the product does not know the simulator; only local mode loads it, when it is asked for', () => {
    const known = imports.filter(({ from, to }) => product.includes(from) && /^(simulator|test)\//.test(to));
    expect(known.map(show)).toEqual(['src/index.ts imports simulator/localMode.ts']);
  });

  test('the Bot Framework stays in src/teams and dialogs', () => {
    const users = imports.filter(({ to }) => /^botbuilder|^botframework/.test(to)).map(({ from }) => from);
    expect(users.filter((from) => !/^(src\/teams|dialogs)\//.test(from))).toEqual([]);
  });
});

describe('what is passed in', () => {
  test('only the settings read the environment', () => {
    const readers = everything.filter((file) => /\bprocess\s*\.\s*env\b/.test(codeOf(file)));
    expect(readers.toSorted()).toEqual(['appPackage/build.ts', 'src/config.ts']);
  });

  test('the desk has no clock, no chance, no timer, no process and no module of Node', () => {
    const own =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(Timeout|Interval|Immediate)\b|\bprocess\.|\bperformance\b|\bcrypto\b|\bfetch\(/;
    expect(filesIn('src/desk').filter((file) => own.test(codeOf(file)))).toEqual([]);
  });
});

/** What may be longer than two screens, and why. */
const LONG: Record<string, string> = {
  'simulator/page/page.css': 'a style sheet: rules side by side, no logic',
  'simulator/page/controls.css': 'a style sheet',
  'simulator/page/teams.css': 'a style sheet',
  'src/text/ja.ts': 'every sentence of a language, one after the other: no logic',
  'src/text/en.ts': 'as ja.ts',
};

test('a file holds one idea: none has more than 400 lines', () => {
  const kinds = /\.(ts|js|mjs|css|html)$/;
  const folders = ['src', 'cards', 'dialogs', 'simulator', 'appPackage', 'test', 'docs'];
  const long = folders
    .flatMap((folder) => filesIn(folder, kinds))
    .filter((file) => sourceOf(file).split('\n').length > 401);
  expect(long.filter((file) => !(file in LONG))).toEqual([]);
});

test('no folder is called utils', () => {
  expect(everything.filter((file) => /\/(utils?|helpers?|common|misc)\//.test(file))).toEqual([]);
});
