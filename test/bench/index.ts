import { delay } from './delay.ts';
import { disk } from './disk.ts';
import { Figures } from './figures.ts';
import { hooks } from './hooks.ts';
import { operations } from './operations.ts';
import { overview } from './overview.ts';
import { start } from './start.ts';
import { turns } from './turns.ts';

/**
 * `npm run bench`: how fast the product is, each figure beside what the same machine does without it. `npm run bench -- hooks` measures
 * one thing only. Ends with 1 when a figure misses what is wanted. `BENCH_SECONDS`: how long one measurement takes.
 */
const sections: Record<string, (figures: Figures) => Promise<void>> = {
  disk,
  hooks,
  turns,
  delay,
  start,
  operations,
  overview,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in sections));
if (unknown.length > 0) {
  process.stderr.write(`no such measurement: ${unknown.join(', ')}; there are ${Object.keys(sections).join(', ')}\n`);
  process.exit(2);
}
const figures = new Figures();
for (const [name, measure] of Object.entries(sections))
  if (asked.length === 0 || asked.includes(name)) await measure(figures);
process.exitCode = figures.missed === 0 ? 0 : 1;
