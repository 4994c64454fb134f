import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outcomeTables } from '../src/channels/index.ts';
import type { Outcomes, Row } from '../src/desk/outcomes.ts';
import { REFUSED, STATUS } from '../src/routes.ts';
import { en } from '../src/text/en.ts';
import { ja, type SentenceKey } from '../src/text/ja.ts';

/** Which codes stand together, by how they begin, and what becomes of them. Answers to calls stand in tables of their own. */
const groups: [title: string, text: string, begins: RegExp][] = [
  [
    'On the way to a customer or into a thread',
    'The message is parked: the thread shows the reason and **Send again**. After `channel.interrupted` it is *unknown* whether the customer has it, so that **It was sent** stands beside it.',
    /^(channel|connection|delivery|conversation)\./,
  ],
  [
    'Pictures of operators',
    'The picture is fetched before anything is sent, so that it is certain that nothing was. `picture.unavailable` and `picture.cannotKeep` are tried again after 5 s, 30 s, 5 min, 30 min, 2 h; then, and with the others at once, the message is parked: **Send again**, and **Send without the picture** where there are words. A customer’s picture that can’t be had parks nothing: the message is shown with a line in its place.',
    /^picture\./,
  ],
  [
    'Settings and commands',
    'Said to the person who gave the command; nothing was done. A delivery that meets one of them is parked.',
    /^(desk|operator|secrets|canned)\.|^karte\.noSuchOperator$|^line\.(badToken|badSecret|otherAccount|otherToken)$|^answer\.(onlyInThread|notMember|guest)$/,
  ],
  [
    'Store',
    'A hook or an activity is answered with 503 and comes again; at the start of the process it ends with exit code 1.',
    /^(store|lane)\./,
  ],
];

const certainty = { true: 'yes: nothing was sent', false: '**unknown**' } as const;

/** What the product does by itself, and what is left to a person. */
function course(side: string, { certain, transient, holds, code }: Row): string {
  if (!certain && side === 'teams')
    return 'repeated once and marked as a possible repeat; then parked: **Send again**, **It was sent**';
  if (!certain)
    return 'looked up: found = delivered; surely absent = sent again after 5 s, 30 s, 5 min, 30 min, 2 h; can’t tell = parked: **Send again**, **It was sent**';
  if (side === 'teams' && code === 'unauthorized')
    return 'once more with a token that is really another one; then all of this Teams channel waits, and one message tries every 5 min';
  if (holds)
    return 'all of this Teams channel waits; one message tries every 5 min and when the app is added again; admins are told in General: **Start new threads in General**';
  if (transient)
    return 'sent again: after `Retry-After`, else after 5 s, 30 s, 5 min, 30 min, 2 h; then parked: **Send again**';
  if (code === 'threadGone') return 'goes on in a new thread; where none can be made, parked: **Send again**';
  return 'not repeated; parked: **Send again**';
}

function seenOf({ seen }: Row): string {
  if (typeof seen !== 'object') return String(seen);
  if ('errorCode' in seen) return `4xx \`${seen.errorCode}\``;
  return seen.socket === '*' ? 'any other end of the socket' : `\`${seen.socket}\``;
}

function table(head: string[], lines: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n');
}

function sentences(code: string): string[] {
  const key = code as SentenceKey;
  return [ja[key], en[key]];
}

/** One line for each code of a side, with everything that leads to it. */
function outcomes({ side, rows }: Outcomes): string {
  const codes = [...new Set(rows.map(({ code }) => code))];
  const lines = codes.map((code) => {
    const here = rows.filter((row) => row.code === code);
    const [row] = here as [Row];
    const full = `${side}.${code}`;
    return [
      `\`${full}\``,
      [...new Set(here.map(seenOf))].join(', '),
      certainty[`${row.certain}`],
      course(side, row),
      ...sentences(full),
    ];
  });
  return table(['code', 'seen', 'certain', 'what happens', '日本語', 'English'], lines);
}

function answers(): string {
  const activities = Object.entries(REFUSED).map(([status, code]) => [code, Number(status)] as const);
  const all = new Map<string, Set<number>>();
  for (const [code, status] of [
    ...Object.entries(STATUS),
    ...activities,
    ['methodNotAllowed', 405],
    ['internal', 500],
  ] as [string, number][])
    all.set(code, (all.get(code) ?? new Set()).add(status));
  const lines = [...all].map(([code, statuses]) => [
    [...statuses].join(', '),
    `\`${code}\``,
    en[code as SentenceKey],
    [...statuses].some((status) => status >= 500 && status !== 501)
      ? 'comes again'
      : 'is not taken; nothing was stored',
  ]);
  return table(
    ['HTTP', 'code', 'message', 'the hook or activity'],
    lines.toSorted(([a = ''], [b = '']) => a.localeCompare(b)),
  );
}

/** The page as it must stand in docs/errors.md. */
export function errorsPage(): string {
  const [teams, ...channels] = outcomeTables;
  const outcomeCodes = new Set(outcomeTables.flatMap(({ side, rows }) => rows.map(({ code }) => `${side}.${code}`)));
  const codes = Object.keys(ja).filter((code) => !outcomeCodes.has(code));
  const parts = groups.map(([title, text, begins]) => {
    const lines = codes.filter((code) => begins.test(code)).map((code) => [`\`${code}\``, ...sentences(code)]);
    return `## ${title}\n\n${text}\n\n${table(['code', '日本語', 'English'], lines)}`;
  });
  return `${[
    '# Errors',
    'Made by `node docs/errors.ts` from the table of outcomes and the texts; a test keeps it true. A code never changes its meaning. `{…}` is filled in.',
    '*Certain* = nothing was sent. A delivery that ends unknown toward a customer is never sent again without knowledge. A parked one waits for a person, in its thread, with the reason and a button. An answer that is five minutes late is told to the operator while it is still tried.',
    `## What Teams answers\n\n${outcomes(teams)}`,
    `\`teams.failed\`: ${en['teams.failed']} ${ja['teams.failed']} It is certain and parked.`,
    ...channels.map((table) => `## What ${en[`channels.${table.side}` as SentenceKey]} answers\n\n${outcomes(table)}`),
    ...parts,
    `## Answers to hooks and activities\n\nThe body is \`{"error":{"code","message"}}\`, in English.\n\n${answers()}`,
  ].join('\n\n')}\n`;
}

if (process.argv[1] === join(import.meta.dirname, 'errors.ts'))
  writeFileSync(join(import.meta.dirname, 'errors.md'), errorsPage());
