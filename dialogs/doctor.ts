import { doctorCard } from '../cards/doctor.ts';
import type { Finding } from '../src/desk/finding.ts';
import { activityOf, show } from './answers.ts';
import type { CommandTurn } from './commands/command.ts';
import { memberFor } from './connecting.ts';
import type { Tools } from './facts.ts';

/** Examines the desk for one of its admins: a line at once, and the findings in its place when they are there. */
export async function examineDesk({ context, facts, tools, say }: CommandTurn): Promise<void> {
  const by = await memberFor(tools, facts.deskId, context.activity.from.id);
  const desk = await tools.desk.administration.forAdmin(facts.deskId, by);
  const line = await context.sendActivity({ type: 'message', text: say('doctor.running'), textFormat: 'plain' });
  const { room, threadId, locale } = facts;
  // What was pressed is no message that could be reacted to.
  const activityId = context.activity.value ? undefined : facts.activityId;
  const { doctor } = tools.desk;
  const [channels, teams, inner] = await Promise.all([
    doctor.channels(desk.id),
    tools.examineTeams(desk, { room, threadId, activityId, person: by, locale }),
    doctor.desk(desk),
  ]);
  const card = doctorCard({ channels, teams, desk: [...inner, ...siteFindings(tools)] }, say);
  if (line?.id) await context.updateActivity({ ...activityOf(card), text: undefined, id: line.id });
  else await show(context, card);
}

/** Where the program runs. That the store answers is seen by this turn: it was written down before it began. */
function siteFindings({ publicUrl, storeKind }: Tools): Finding[] {
  const { protocol, hostname } = new URL(publicUrl);
  const reachable = protocol === 'https:' && !/^(localhost|127\.|\[::1\]$|0\.0\.0\.0$)/.test(hostname);
  return [
    reachable
      ? { about: 'doctor.publicUrl', state: 'ok' }
      : { about: 'doctor.publicUrl', state: 'missing', reason: 'doctor.notPublic', detail: publicUrl },
    { about: 'doctor.store', state: 'ok', reason: storeKind === 'cosmos' ? 'doctor.cosmos' : 'doctor.sqlite' },
  ];
}
