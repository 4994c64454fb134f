import { settingsCard } from '../../cards/settings.ts';
import { show } from '../answers.ts';
import { memberFor } from '../connecting.ts';
import { examineDesk } from '../doctor.ts';
import { settingFields } from '../forms/settingsFields.ts';
import { firstMentioned, type Runs } from './command.ts';

/** What admins do for the desk as a whole. */
export const administrators: Runs<'adminAdd' | 'adminList' | 'settings' | 'doctor'> = {
  async doctor(_command, turn) {
    await examineDesk(turn);
    return undefined;
  },

  async adminAdd(_command, turn) {
    const { context, facts, tools, say } = turn;
    // Whoever acts now: the one who writes, or who presses “run” below a mistyped command of somebody else.
    const by = await memberFor(tools, facts.deskId, context.activity.from.id);
    const added = await firstMentioned(turn);
    if (!added) return say('answer.needsPerson');
    await tools.desk.administration.addAdmin(facts.deskId, by, await memberFor(tools, facts.deskId, added.id));
    return say('answer.adminAdded', { name: added.name });
  },

  async adminList(_command, { tools, facts, say }) {
    const { admins } = await tools.desk.administration.read(facts.deskId);
    return admins.length
      ? say('answer.admins', { names: admins.map(({ name }) => name).join(', ') })
      : say('answer.noAdmins');
  },

  async settings(_command, { context, facts, tools, say }) {
    // Whoever acts now, as above.
    const by = await memberFor(tools, facts.deskId, context.activity.from.id);
    const { administration } = tools.desk;
    const { rules, locale = facts.locale } = administration.chosen(await administration.forAdmin(facts.deskId, by));
    const rows = settingFields.flatMap(({ told }) => (told ? [told({ rules, locale }, say)] : []));
    await show(context, settingsCard(rows, say));
    return undefined;
  },
};
