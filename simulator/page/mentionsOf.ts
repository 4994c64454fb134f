import { player, players, state } from './current.ts';
import { t } from './language.ts';
import type { Mentionable } from './mentionPicker.ts';

/** Who can be mentioned in the team: the bot, and every member but the one who writes. */
export function mentionsOf(botAtFirst: boolean) {
  return {
    botAtFirst,
    bot(): Mentionable {
      const { bot } = state();
      return { id: bot.id, name: bot.name, hint: t('bot') };
    },
    people(): Mentionable[] {
      const self = player(state()).id;
      const others = players(state()).filter((person) => person.id !== self);
      return others.map(({ id, name, userRole }) => ({ id, name, hint: userRole === 'user' ? '' : t('guest') }));
    },
  };
}
