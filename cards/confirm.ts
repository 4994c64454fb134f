import type { Say } from '../src/text/text.ts';
import { adaptiveCard, brief, button, type Drawn, line, verbatim } from './card.ts';

/** What is asked: which dialog waits, what was written (hidden when it may hold secrets), and what it may have meant. */
export interface Question {
  dialog: string;
  written?: string;
  suggestions: string[];
  /** What is wrong, where that is known. */
  why?: string;
  /** Whether there is an end user it could be sent to. */
  canSend: boolean;
  /** It would be kept as a note instead. */
  guarded?: boolean;
}

/** Asks before a message that looks like a mistyped command goes anywhere. */
export function confirmCard({ dialog, written, suggestions, canSend, guarded, why }: Question, say: Say): Drawn {
  const title = say('confirm.title');
  const body = [
    line(title, { weight: 'Bolder' }),
    ...(written ? [verbatim(brief(written, 500), { isSubtle: true })] : []),
    ...(why ? [verbatim(why)] : []),
    line(say(why ? 'confirm.whatNow' : 'confirm.text')),
  ];
  const actions = [
    // By its number: a command may be as long as a message, and a card may not.
    ...suggestions.map((command, suggestion) =>
      button(say('confirm.run', { command: brief(command, 50) }), {
        madoguchi: 'confirm',
        dialog,
        choice: 'run',
        suggestion,
      }),
    ),
    ...(canSend
      ? [
          button(say(guarded ? 'confirm.note' : 'confirm.send'), {
            madoguchi: 'confirm',
            dialog,
            choice: guarded ? 'note' : 'send',
          }),
        ]
      : []),
    button(say('confirm.cancel'), { madoguchi: 'confirm', dialog, choice: 'cancel' }),
  ];
  return { card: adaptiveCard(`${title} ${say('confirm.text')}`, body, actions), summary: title };
}
