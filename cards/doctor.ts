import type { Examined } from '../src/desk/doctor.ts';
import type { Finding } from '../src/desk/finding.ts';
import { keyOf, type Say, type SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, type Drawn, line, verbatim } from './card.ts';
import { nameOfChannel } from './connect.ts';
import { accountName } from './connections.ts';

/** Everything that was found, by whose it is. */
export interface Findings {
  channels: Examined[];
  teams: Finding[];
  desk: Finding[];
}

/** Signs that every font has: an emoji would be an empty box here and there. */
const marks: Record<Finding['state'], { sign: string; color: string; word: SentenceKey }> = {
  ok: { sign: '✓', color: 'Good', word: 'doctor.ok' },
  missing: { sign: '×', color: 'Attention', word: 'doctor.missing' },
  untested: { sign: '?', color: 'Warning', word: 'doctor.untested' },
};

/** Where to click for what is missing, where its reason does not say so. */
const ways: Record<string, SentenceKey> = {
  'doctor.scope': 'doctor.whereScope',
  'karte.unauthorized': 'doctor.whereToken',
  'doctor.teamsRefused': 'doctor.whereApp',
};

/** What the desk needs, one line each: whether it is there, why not, and where to click. */
export function doctorCard(found: Findings, say: Say): Drawn {
  const several = found.channels.length > 1;
  const sides = found.channels.length > 0 ? found.channels.map((each) => sideOf(each, several, say)) : [noChannel(say)];
  const all = [...sides.flatMap(({ findings }) => findings), ...found.teams, ...found.desk];
  const missing = all.some(({ state }) => state === 'missing');
  const title = say(missing ? 'doctor.somethingMissing' : 'doctor.allWell');
  const body = [
    line(title, { weight: 'Bolder', size: 'Medium', color: missing ? 'Attention' : 'Good' }),
    ...sides.flatMap(({ title: name, account, findings }) => section(name, findings, say, account)),
    ...section(say('doctor.teamsSide'), found.teams, say),
    ...section(say('doctor.deskSide'), found.desk, say),
  ];
  return { card: adaptiveCard(title, body), summary: title };
}

interface Side {
  title: string;
  /** Which account, where there are several. */
  account?: string;
  findings: Finding[];
}

function sideOf({ connection, findings }: Examined, several: boolean, say: Say): Side {
  const account = several ? accountName(connection) : undefined;
  return { title: nameOfChannel(connection.channel, say), account, findings };
}

function noChannel(say: Say): Side {
  const finding: Finding = { about: 'doctor.connection', state: 'missing', reason: 'desk.notConnected' };
  return { title: say('doctor.connection'), findings: [finding] };
}

function section(title: string, findings: Finding[], say: Say, account?: string): object[] {
  return [
    line(title, { weight: 'Bolder', separator: true }),
    ...(account ? [verbatim(account, { isSubtle: true })] : []),
    ...findings.map((finding) => row(finding, say)),
  ];
}

/** A finding as one line of plain words. */
export function findingText(finding: Finding, say: Say): string {
  const { sign, word } = marks[finding.state];
  return [`${sign} ${say(keyOf(finding.about))}: ${say(word)}`, moreOf(finding, say)].filter(Boolean).join('  ');
}

/** Why, and where to click. */
function moreOf({ state, reason, detail = '' }: Finding, say: Say): string {
  const why = reason ? say(keyOf(reason), { detail }) : '';
  const way = state === 'missing' && reason && ways[reason] ? say(ways[reason], { detail }) : '';
  return [why, way].filter(Boolean).join(' ');
}

/** The sign says it at a glance, the word to whoever can't see it. */
function row(finding: Finding, say: Say): object {
  const { about, state } = finding;
  const { sign, color, word } = marks[state];
  const more = moreOf(finding, say);
  return {
    type: 'RichTextBlock',
    spacing: 'Small',
    inlines: [
      { type: 'TextRun', text: `${sign} `, color, weight: 'Bolder' },
      { type: 'TextRun', text: `${say(keyOf(about))}: ${say(word)}` },
      ...(more ? [{ type: 'TextRun', text: `  ${more}`, isSubtle: true }] : []),
    ],
  };
}
