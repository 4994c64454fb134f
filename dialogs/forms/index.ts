import type { Tools } from '../facts.ts';
import { AssignForm } from './assignForm.ts';
import { ConnectForm } from './connectForm.ts';
import type { Form } from './form.ts';
import { MoveForm } from './moveForm.ts';
import { NoteForm } from './noteForm.ts';
import { SettingsForm } from './settingsForm.ts';

/** Every form, by the name that its button carries. */
export function formsOf(tools: Tools): ReadonlyMap<string, Form> {
  return new Map<string, Form>([
    ['connect', new ConnectForm(tools)],
    // Buttons of earlier releases.
    ['setup', new ConnectForm(tools)],
    ['move', new MoveForm(tools)],
    ['settings', new SettingsForm(tools)],
    ['assign', new AssignForm(tools)],
    ['note', new NoteForm(tools)],
  ]);
}
