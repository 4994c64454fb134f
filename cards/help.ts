import type { Say, SentenceKey } from '../src/text/text.ts';
import { adaptiveCard, type Drawn, line, verbatim } from './card.ts';

/** The commands that exist, in the order people need them. Each has a sentence `help.<command>`. */
export const helpCommands = [
  'setup',
  'operator link',
  'operator unlink',
  'operator assign',
  'operator unassign',
  'event',
  'admin add',
  'admin list',
  'help',
] as const;

/** What each button puts into the compose box: the command, with a hint where something must follow. */
const toType: Partial<Record<(typeof helpCommands)[number], string>> = {
  'operator link': 'operator link ',
  event: 'event ',
  'admin add': 'admin add ',
};

/**
 * All commands with what they do. The buttons put the command where the person writes: Teams fills the compose box for command
 * menus, and sends `imBack` text as the person's own message; both come back as an ordinary command.
 */
export function helpCard(say: Say, bot: string, heading?: string): Drawn {
  const title = say('help.title');
  const body = [
    ...(heading ? [line(heading, { color: 'Warning' })] : []),
    line(title, { weight: 'Bolder', size: 'Medium' }),
    line(say('help.reply')),
    verbatim(say('help.replyExample', { bot }), { isSubtle: true }),
    {
      separator: true,
      type: 'FactSet',
      facts: helpCommands.map((command) => ({
        title: toType[command]?.trim() ?? command,
        value: say(`help.${command}` as SentenceKey),
      })),
    },
  ];
  const actions = (['setup', 'operator assign', 'operator unassign', 'admin list'] as const).map((command) => ({
    type: 'Action.Submit',
    title: command,
    data: { msteams: { type: 'imBack', value: `@${bot} ${command}` } },
  }));
  return { card: adaptiveCard(title, body, actions), summary: title };
}
