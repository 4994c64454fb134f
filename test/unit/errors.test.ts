import { errorsPage } from '../../docs/errors.ts';
import { outcomeTables } from '../../src/channels/index.ts';
import { REFUSED, STATUS } from '../../src/routes.ts';
import { en } from '../../src/text/en.ts';
import { ja } from '../../src/text/ja.ts';
import { filesIn, sourceOf } from './imports.ts';

// The tables of outcomes hold halves of codes; they are read as what they are.
const sources = ['src', 'dialogs']
  .flatMap((folder) => filesIn(folder))
  .filter((file) => !file.endsWith('/outcomes.ts') && !file.startsWith('src/text/'))
  .map(sourceOf);

/** Codes that are thrown or told: `new DeskError('…')` with whatever stands in its first argument, `code: '…'`, guards' codes. */
function usedCodes(): Set<string> {
  const found = new Set<string>([...Object.keys(STATUS), ...Object.values(REFUSED), 'internal']);
  for (const { side, rows } of outcomeTables) for (const { code } of rows) found.add(`${side}.${code}`);
  for (const source of sources) {
    for (const [, argument = ''] of source.matchAll(/new (?:DeskError|Refusal)\(([^,{)]*(?:\([^)]*\)[^,{)]*)*)/g))
      for (const [, code = ''] of argument.matchAll(/'([^']+)'/g)) found.add(code);
    for (const [, code = ''] of source.matchAll(/(?:code: |code = )'([a-z]+(?:\.[a-zA-Z]+)?)'/g)) found.add(code);
    for (const [, code = ''] of source.matchAll(
      /'((?:teams|karte|line|canned|channel|delivery|desk|store|hook|secrets|operator|conversation)\.[a-zA-Z]+)'/g,
    ))
      found.add(code);
  }
  return found;
}

const used = [...usedCodes()];

test('docs/errors.md is what the table and the texts say; `node docs/errors.ts` writes it anew', () => {
  expect(sourceOf('docs/errors.md')).toBe(errorsPage());
});

test('the search finds codes of every kind', () => {
  for (const code of [
    'store.inUse',
    'hook.stale',
    'desk.notAdmin',
    'answer.notMember',
    'channel.failed',
    'karte.noSuchOperator',
    'starting',
  ])
    expect(used).toContain(code);
});

test.each(used)('%s has a sentence in both languages and stands in docs/errors.md', (code) => {
  expect(Object.keys(ja)).toContain(code);
  expect(Object.keys(en)).toContain(code);
  expect(sourceOf('docs/errors.md')).toContain(`\`${code}\``);
});
