import { join } from 'node:path';
import { renewEvery } from '../src/desk/lease.ts';
import { type Item, measured } from './scalingDocuments.ts';

/** What the tables reckon with; each can be given on the command line, as in `node docs/scaling.ts replies=0.5 hooks=800`. */
const given = {
  /** Replies for each message of a customer, and conversations opened for each. */
  replies: 1,
  firsts: 0.1,
  /** RETENTION_DAYS. */
  days: 90,
  /** Hooks a second that one process takes: `npm run bench` measures it. */
  hooks: 500,
  /** Teams channels of one desk. */
  rooms: 20,
};
export type Parameters = typeof given;

/** Microsoft's figures; docs/scaling.md names the pages. Sizes in KB. */
const WRITE: [kb: number, ru: number][] = [
  [1, 4.95],
  [2, 6.29],
  [4, 6.67],
  [8, 7.04],
];
const POINT_READ = 1;
const TERM = 0.2;
const LOOK_AT_PARTITION = 2.5;
const PHYSICAL = { ru: 10_000, gb: 50 };
const LOGICAL_GB = 20;
const TEAMS = { roomAnHour: 1_800, tenantASecond: 50 };

/** Ours, estimated: a query that also brings back some open deliveries, and what the index adds to the storage. */
const QUERY = 3;
const INDEX_SHARE = 0.2;

/** The product's own times (s): src/desk/lease.ts, lane.ts, lanes.ts, directory.ts, at the default settings. */
const RENEW = renewEvery({ length: 25_000, send: 15_000, shared: true }) / 1000;
const POLL = 0.7;
const SWEEP = 1;
const STRAYS = 30;
const SETTINGS = 5;
const WATCH = 5;

/** Between two published sizes the straight line; below the least it costs what the least costs. */
function writing(kb: number): number {
  const above = WRITE.findIndex(([size]) => size >= kb);
  const [more, most] = WRITE[above] ?? [0, Number.NaN];
  if (above <= 0) return most;
  const [less, least] = WRITE[above - 1] as [number, number];
  return least + ((kb - less) / (more - less)) * (most - least);
}

const insert = ({ kb, terms }: Item) => writing(kb) + TERM * terms;
const replace = ({ kb }: Item, changed: number) => 2 * writing(kb) + 2 * TERM * changed;

/** Every table, as docs/scaling.md shows it. */
export async function tables(parameters: Partial<Parameters> = {}): Promise<string[]> {
  const { replies, firsts, days, hooks, rooms } = { ...given, ...parameters };
  const items = await measured();

  const ru = {
    in: POINT_READ + insert(items.in) + replace(items.in, 1),
    out: POINT_READ + insert(items.out) + replace(items.out, 0) + replace(items.out, 1),
    first: 3 * POINT_READ + insert(items.conversation) + insert(items.thread) + 2 * replace(items.conversation, 0),
    together: replace(items.in, 0),
    turn: POINT_READ + replace(items.conversation, 0),
    card: 2 * POINT_READ + QUERY,
    renewing: replace(items.lane, 1) / RENEW,
    polling: QUERY / POLL,
    lone: 2 * replace(items.lane, 1) + 8 * QUERY,
    settings: 2 * POINT_READ + QUERY,
  };
  /** What one customer's message brings with it: itself, its replies, its share of a new conversation. */
  const turns = 2 * Math.min(1, replies);
  const whole = ru.in + replies * ru.out + firsts * ru.first + turns * ru.turn + (1 + replies) * ru.card;
  const kbWhole = items.in.kb + replies * items.out.kb;
  const gb = (kb: number) => (kb * 1024 * (1 + INDEX_SHARE)) / 1e9;

  const walls = [10, 1_000, 100_000].map((rate) => {
    const lanes = Math.ceil(rate / (TEAMS.roomAnHour / 3_600));
    const processes = Math.ceil(rate / hooks) + 1;
    const desks = Math.ceil(lanes / rooms);
    const entries = rate * (1 + replies);
    const watched = Math.min(lanes * (processes - 1), entries * WATCH * (1 - 1 / processes)) * POINT_READ;
    const loads = Math.min((desks * processes) / SETTINGS, entries) * ru.settings;
    const stored = gb(rate * 86_400 * days * kbWhole);
    const working = rate * whole + lanes * (ru.renewing + ru.polling) + watched + loads;
    const physical = Math.max(Math.ceil(working / PHYSICAL.ru), Math.ceil(stored / PHYSICAL.gb));
    const sweeping = processes * physical * LOOK_AT_PARTITION * (1 / SWEEP + 1 / STRAYS);
    const calls = 1 + firsts + replies;
    return { rate, lanes, processes, stored, working, physical, sweeping, calls };
  });

  const laneDay = (merged: number) => gb((TEAMS.roomAnHour / 3_600) * merged * 86_400 * kbWhole);
  return [
    table(
      ['document', 'bytes', 'indexed terms', 'insert, RU', 'replace, RU'],
      Object.values(items).map((item) => [
        item.name,
        number(item.bytes),
        String(item.terms),
        insert(item).toFixed(1),
        item === items.thread ? 'never' : replace(item, item === items.conversation ? 0 : 1).toFixed(1),
      ]),
    ),
    table(
      ['what', 'operations', 'RU'],
      [
        ['a customer’s message', '1 point read, 1 insert, 1 replace', ru.in.toFixed(1)],
        ['a reply', '1 point read, 1 insert, 2 replaces (claim, outcome)', ru.out.toFixed(1)],
        ['a customer’s first message, on top', '3 point reads, 2 inserts, 2 replaces', ru.first.toFixed(1)],
        ['several messages in one post, on top', '1 replace for the post', ru.together.toFixed(1)],
        ['whose turn it is, when that changes, on top', '1 point read, 1 replace', ru.turn.toFixed(1)],
        ['the card drawn anew, at most once in 3 s, on top', '2 point reads, 1 query', ru.card.toFixed(1)],
        [`in all, at replies=${replies} firsts=${firsts}`, '', whole.toFixed(1)],
        [
          'a lane while it works, each second',
          `1 replace in ${RENEW} s, 1 query in ${POLL} s`,
          (ru.renewing + ru.polling).toFixed(1),
        ],
        [
          'a lone message in a quiet lane, on top',
          '2 replaces (take, give back), 8 queries in 5 s',
          ru.lone.toFixed(1),
        ],
        [
          'one desk’s settings in one process',
          `2 point reads, 1 query, at most every ${SETTINGS} s`,
          ru.settings.toFixed(1),
        ],
        ['a process that stands by, each second', '1 sweep over every physical partition', `${LOOK_AT_PARTITION} each`],
      ],
    ),
    table(
      ['customers’ messages a second', ...walls.map(({ rate }) => number(rate))],
      [
        ['Teams channels at 1,800 an hour', ...walls.map(({ lanes }) => number(lanes))],
        [
          'tenants at 50 calls a second (posts, roots, reactions)',
          ...walls.map(({ rate, calls }) => number(Math.ceil((rate * calls) / TEAMS.tenantASecond))),
        ],
        [
          `processes at ${number(hooks)} hooks a second, one to spare`,
          ...walls.map(({ processes }) => number(processes)),
        ],
        ['RU/s of messages and lanes', ...walls.map(({ working }) => number(working))],
        ['RU/s of sweeps', ...walls.map(({ sweeping }) => number(sweeping))],
        [`GB after ${days} days`, ...walls.map(({ stored }) => number(stored))],
        ['physical partitions for the RU/s', ...walls.map(({ working }) => number(Math.ceil(working / PHYSICAL.ru)))],
        ['physical partitions for the GB', ...walls.map(({ stored }) => number(Math.ceil(stored / PHYSICAL.gb)))],
      ],
    ),
    table(
      ['messages in one post', 'messages a second in the lane', 'GB a day', `days until ${LOGICAL_GB} GB`],
      [1, 2, 5, 20].map((merged) => [
        String(merged),
        String((TEAMS.roomAnHour / 3_600) * merged),
        laneDay(merged).toFixed(2),
        number(Math.floor(LOGICAL_GB / laneDay(merged))),
      ]),
    ),
  ];
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function table(head: string[], lines: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n');
}

/** Prints the tables for what stands on the command line. */
async function print(pairs: string[]): Promise<void> {
  const parameters: Record<string, number> = {};
  for (const [name = '', value] of pairs.map((pair) => pair.split('='))) parameters[name] = Number(value);
  const strange = Object.entries(parameters).find(([name, value]) => !(name in given) || !(value >= 0));
  if (strange) throw new Error(`${strange[0]}: give ${Object.keys(given).join(', ')} as numbers, as in days=30`);
  process.stdout.write(`${(await tables(parameters)).join('\n\n')}\n`);
}

if (process.argv[1] === join(import.meta.dirname, 'scaling.ts')) void print(process.argv.slice(2));
