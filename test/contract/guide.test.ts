import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { helpCommands } from '../../cards/help.ts';
import { readCommand } from '../../dialogs/grammar.ts';
import { en } from '../../src/text/en.ts';
import { ja } from '../../src/text/ja.ts';

const docs = path.join(import.meta.dirname, '../../docs');
const images = path.join(docs, 'images/guide');
const locales = ['ja', 'en'] as const;
const sentences = { ja, en };

const guide = (locale: string) => readFileSync(path.join(docs, `guide.${locale}.md`), 'utf8');
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');
const picturesIn = (markdown: string) => found(markdown, /!\[[^\]]+\]\(images\/guide\/([^)]+)\)/g);

const source = (file: string) => readFileSync(path.join(docs, 'screenshots', file), 'utf8');
/** The scripts run in a browser, so they are read here, not run. */
const scripts = readdirSync(path.join(docs, 'screenshots')).map(source);
const played = scripts
  .flatMap((script) => found(script, /^ {2}pictures: \[([^\]]+)\],$/gm))
  .flatMap((list) => found(list, /'([^']+)'/g));

/** What the guide writes as code, without what stands for something else and what is wrong on purpose. */
const codeIn = (markdown: string) =>
  found(markdown, /(?<!`)`([^`\n]+)`(?!`)/g)
    .map((code) => code.replace(/^@KARTE ?/, ''))
    .map((code) => code.replace(/<[^>]+>/, 'something'))
    .filter((code) => code !== '' && !code.startsWith('{'));

test('every scene is played', () => {
  const names = scripts.flatMap((script) => found(script, /^export const (\w+): Scene = /gm));
  expect(names.length).toBeGreaterThan(15);
  expect(found(source('scenes.ts'), /^ {2}(\w+),$/gm).toSorted()).toEqual(names.toSorted());
});

test('no two scenes take a picture of the same name', () => {
  expect(played.filter((name, at) => played.indexOf(name) !== at)).toEqual([]);
});

test('every picture that is there is taken by the script, in both languages, and small enough for a page', () => {
  const wanted = played.flatMap((name) => locales.map((locale) => `${name}.${locale}.png`));
  const there = readdirSync(images);
  expect(there.toSorted()).toEqual(wanted.toSorted());
  const bytes = there.map((file) => statSync(path.join(images, file)).size);
  expect(Math.max(...bytes)).toBeLessThan(150_000);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3_000_000);
});

test.each([
  ['the card', 'card'],
  ['notes', 'note'],
  ['the guarded mode', 'guarded'],
  ['the list', 'status'],
  ['pictures', 'pictures'],
  ['undelivered messages', 'undelivered'],
])('%s can be seen on a phone, too', (_, name) => {
  expect(played).toContain(`${name}-phone`);
});

test('the two guides have the same sections, with the same pictures in each', () => {
  const outline = (locale: string) =>
    guide(locale)
      .split(/^## /m)
      .map((section) => ({
        number: /^\d+/.exec(section)?.[0],
        pictures: picturesIn(section).map((file) => file.replace(`.${locale}.png`, '')),
        items: found(section, /^(- )/gm).length,
        commands: helpCommands.filter((command) => section.includes(`\`${command}`)),
      }));
  expect(outline('ja')).toEqual(outline('en'));
});

test.each(locales)('docs/guide.%s.md is linked from the README of its language', (locale) => {
  const readme = readFileSync(path.join(docs, `../README${locale === 'en' ? '' : '.ja'}.md`), 'utf8');
  expect(readme).toContain(`](docs/guide.${locale}.md)`);
});

describe.each(locales)('docs/guide.%s.md', (locale) => {
  const markdown = guide(locale);
  const sections = markdown.split(/^## /m).slice(1);

  test('shows every picture of its language once, and none of the other', () => {
    expect(picturesIn(markdown).toSorted()).toEqual(played.map((name) => `${name}.${locale}.png`).toSorted());
  });

  test.each(sections.map((section) => [section.split('\n')[0], section]))('has a picture at %s', (_, section) => {
    expect(picturesIn(section ?? '').length).toBeGreaterThan(0);
  });

  test.each(helpCommands)('tells about %s', (command) => {
    const taught = command === '/name' ? /^\/\S/ : new RegExp(`^${command}( |$)`);
    expect(codeIn(markdown).some((code) => taught.test(code))).toBe(true);
  });

  test('writes as code only what the bot takes for a command', () => {
    expect(codeIn(markdown).filter((code) => readCommand(code).kind !== 'command')).toEqual([]);
  });

  test('names only buttons and titles that people see', () => {
    const said: readonly string[] = Object.values(sentences[locale]);
    const named = found(markdown, /\*\*([^*]+)\*\*/g);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((caption) => !said.includes(caption))).toEqual([]);
  });
});
