import { answering } from './answering.ts';
import { canned } from './canned.ts';
import { card } from './card.ts';
import { connections } from './connections.ts';
import { doctor } from './doctor.ts';
import { edits } from './edits.ts';
import { guarded } from './guarded.ts';
import { handOut } from './handOut.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { languages } from './languages.ts';
import { member } from './member.ts';
import { move } from './move.ts';
import { notes } from './notes.ts';
import { pictures } from './pictures.ts';
import { away, reminder, settings } from './reminders.ts';
import type { Scene } from './scene.ts';
import { status } from './status.ts';
import { unclear, undelivered } from './undelivered.ts';

/** Every scene of the guide, in its order. */
export const scenes: Readonly<Record<string, Scene>> = {
  help,
  card,
  answering,
  notes,
  guarded,
  status,
  history,
  member,
  move,
  pictures,
  edits,
  undelivered,
  unclear,
  reminder,
  away,
  settings,
  handOut,
  canned,
  languages,
  doctor,
  connections,
};
