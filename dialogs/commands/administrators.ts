import { settingsCard } from '../../cards/settings.ts';
import { setupFields, setupOfferCard } from '../../cards/setup.ts';
import { show } from '../answers.ts';
import { examineDesk } from '../doctor.ts';
import { settingFields } from '../forms/settingsFields.ts';
import { memberFor, setUp } from '../setup.ts';
import { type CommandTurn, firstMentioned, type Runs } from './command.ts';

/** What admins do for the desk as a whole. */
export const administrators: Runs<'setup' | 'adminAdd' | 'adminList' | 'settings' | 'doctor'> = {
  async setup({ values }, turn) {
    if (values.length > 0) return setUpFromText(values, turn);
    await show(turn.context, setupOfferCard(turn.say));
    return undefined;
  },

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

/** The old form with its values in the channel: it works, and the message has to go. */
async function setUpFromText(values: string[], { facts, tools, say }: CommandTurn): Promise<string> {
  const remove = say('setup.deleteMessage');
  const required = setupFields.filter((field) => field.required);
  if (values.length !== required.length) return `${say('setup.wrongCount', { count: values.length })}\n\n${remove}`;
  const typed = Object.fromEntries(required.map(({ id }, at) => [id, values[at]]));
  const result = await setUp(tools, say, facts, facts.person.id, typed);
  return [...(result.done ? result.lines : [result.problem]), remove].join('\n\n');
}
