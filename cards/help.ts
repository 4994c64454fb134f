import type { Say, SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, button, type Drawn, line, verbatim } from './card.ts';

/** The commands that exist, in the order people need them. Each has a sentence `help.<command>`. */
export const helpCommands = [
  'setup',
  'operator link',
  'operator unlink',
  'operator assign',
  'operator unassign',
  'operator on',
  'operator off',
  'reply',
  'note',
  'status',
  'close',
  'open',
  'waiting',
  'history',
  'move',
  'event',
  '/name',
  'canned add',
  'canned list',
  'canned remove',
  'connect',
  'connections',
  'pause',
  'resume',
  'disconnect',
  'doctor',
  'admin add',
  'admin list',
  'settings',
  'help',
] as const;

/** The commands that need nothing behind them and so can be a button. */
export const helpButtons = ['setup', 'operator assign', 'operator unassign', 'admin list'] as const;

/** All commands with what they do; a button runs its command as if the person who presses it had written it in this thread. */
export function helpCard(say: Say, bot: string, heading?: string): Drawn {
  const title = say('help.title');
  const body = [
    ...(heading ? [line(heading, { color: 'Warning' })] : []),
    line(title, { weight: 'Bolder', size: 'Medium' }),
    line(say('help.answer')),
    verbatim(say('help.answerExample', { bot }), { isSubtle: true }),
    {
      separator: true,
      type: 'FactSet',
      facts: helpCommands.map((command) => ({
        title: command,
        value: say(`help.${command}` as SentenceKey),
      })),
    },
  ];
  const actions = helpButtons.map((command) => button(command, { madoguchi: 'command', command }));
  return { card: adaptiveCard(title, body, actions), summary: title };
}
