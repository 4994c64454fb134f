import type { Finding } from '../src/desk/finding.ts';
import { keyOf, type Say, type SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, type Drawn, line } from './card.ts';

/** Everything that was found, by whose it is. */
export interface Findings {
  channel: Finding[];
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
  const all = Object.values(found).flat() as Finding[];
  const missing = all.some(({ state }) => state === 'missing');
  const title = say(missing ? 'doctor.somethingMissing' : 'doctor.allWell');
  const body = [
    line(title, { weight: 'Bolder', size: 'Medium', color: missing ? 'Attention' : 'Good' }),
    ...section('doctor.channelSide', found.channel, say),
    ...section('doctor.teamsSide', found.teams, say),
    ...section('doctor.deskSide', found.desk, say),
  ];
  return { card: adaptiveCard(title, body), summary: title };
}

function section(title: SentenceKey, findings: Finding[], say: Say): object[] {
  return [line(say(title), { weight: 'Bolder', separator: true }), ...findings.map((finding) => row(finding, say))];
}

/** The sign says it at a glance, the word to whoever can't see it. */
function row({ about, state, reason, detail = '' }: Finding, say: Say): object {
  const { sign, color, word } = marks[state];
  const why = reason ? say(keyOf(reason), { detail }) : '';
  const way = state === 'missing' && reason && ways[reason] ? say(ways[reason], { detail }) : '';
  const more = [why, way].filter(Boolean).join(' ');
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
