import type { Finding } from '../../desk/finding.ts';
import type { Answer } from './api.ts';

/** Asks KARTE at a path; the same call as every other, with its deadline. */
type Ask = (path: string, scope: string, body: object) => Promise<Answer>;

/** Nobody has this id: what is asked about them has no effect. */
const NOBODY = 'madoguchi-doctor';

interface Probe {
  about: string;
  scope: string;
  paths: string[];
  body: object;
  /** The body names somebody, so that 404 may be about them: otherwise it says that there is no such path. */
  names?: boolean;
}

/**
 * One for each way in which the desk calls KARTE. Reading asks about nobody; writing is asked for with an empty body, which names neither a
 * user nor a text and so can have no effect. This believes that KARTE looks at the scope before it looks at the body, as samples show 403.
 */
const PROBES: readonly Probe[] = [
  {
    about: 'doctor.karteRead',
    scope: 'talk.message.get',
    paths: ['/v2/talk/message/get'],
    body: { user_id: NOBODY, options: { limit: 1 } },
    names: true,
  },
  {
    about: 'doctor.karteSend',
    scope: 'talk.message.sendFromOperator',
    paths: ['/v2/talk/message/sendFromOperator'],
    body: {},
  },
  {
    about: 'doctor.karteAssignee',
    scope: 'beta.talk.assignee.get',
    paths: ['/v2beta/talk/assignee/get'],
    body: { user_id: NOBODY },
    names: true,
  },
  {
    about: 'doctor.karteOperator',
    scope: 'talk.operator.get',
    paths: ['/v2/talk/operator/get', '/v2beta/talk/operator/get'],
    body: {},
  },
  {
    about: 'doctor.karteAssign',
    scope: 'talk.assignee.assign',
    paths: ['/v2/talk/assignee/assign'],
    body: {},
  },
  {
    about: 'doctor.karteUnassign',
    scope: 'talk.assignee.unassign',
    paths: ['/v2/talk/assignee/unassign'],
    body: {},
  },
  { about: 'doctor.karteNote', scope: 'beta.talk.note.send', paths: ['/v2beta/talk/note/send'], body: {} },
  { about: 'doctor.karteStatus', scope: 'beta.talk.status.change', paths: ['/v2beta/talk/status/change'], body: {} },
  { about: 'doctor.karteEvent', scope: 'track.event.write', paths: ['/v2/track/event/write'], body: {} },
];

/** Tries every call, side by side. `heardAgo`: how long ago this process was sent a genuine hook (ms). */
export async function examined(ask: Ask, heardAgo: number | undefined): Promise<Finding[]> {
  const answers = await Promise.all(PROBES.map((probe) => tried(ask, probe)));
  const refused = answers.some((answer) => answer.kind === 'refused' && answer.code === 'karte.unauthorized');
  const token: Finding = refused
    ? { about: 'doctor.karteToken', state: 'missing', reason: 'karte.unauthorized' }
    : answers.some(isAboutScope)
      ? { about: 'doctor.karteToken', state: 'ok' }
      : { about: 'doctor.karteToken', state: 'untested', reason: 'doctor.noAnswer', detail: codeOf(answers[0]) };
  const scopes = PROBES.map((probe, at) => (refused ? withoutToken(probe) : findingOf(probe, answers[at] as Answer)));
  return [
    token,
    ...scopes,
    heardAgo === undefined
      ? { about: 'doctor.karteHook', state: 'untested', reason: 'doctor.noHook' }
      : {
          about: 'doctor.karteHook',
          state: 'ok',
          reason: 'doctor.hookHeard',
          detail: `${Math.floor(heardAgo / 60_000)}`,
        },
    // KARTE compares it only when a message is really sent.
    { about: 'doctor.karteBot', state: 'untested', reason: 'doctor.botUntested' },
  ];
}

async function tried(ask: Ask, { paths, scope, body }: Probe): Promise<Answer> {
  let answer: Answer | undefined;
  for (const path of paths) {
    answer = await ask(path, scope, body);
    if (answer.kind !== 'refused' || answer.code !== 'karte.notFound') break;
  }
  return answer as Answer;
}

function findingOf({ about, scope, names }: Probe, answer: Answer): Finding {
  if (answer.kind === 'delivered') return { about, state: 'ok' };
  if (answer.kind === 'refused') {
    if (answer.code === 'karte.badRequest') return { about, state: 'ok' };
    if (answer.code === 'karte.forbidden') return { about, state: 'missing', reason: 'doctor.scope', detail: scope };
    if (answer.code === 'karte.notFound')
      return names ? { about, state: 'ok' } : { about, state: 'untested', reason: 'doctor.noPath', detail: scope };
  }
  return { about, state: 'untested', reason: 'doctor.noAnswer', detail: answer.code };
}

const withoutToken = ({ about }: Probe): Finding => ({ about, state: 'untested', reason: 'doctor.withoutToken' });

/** Whether KARTE knew the token: only then does it look at scopes or bodies. */
function isAboutScope(answer: Answer): boolean {
  if (answer.kind === 'delivered') return true;
  return answer.kind === 'refused' && ['karte.badRequest', 'karte.forbidden', 'karte.notFound'].includes(answer.code);
}

function codeOf(answer: Answer | undefined): string {
  return answer === undefined || answer.kind === 'delivered' ? '' : answer.code;
}
