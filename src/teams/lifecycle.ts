import { ActivityTypes, type TurnContext } from 'botbuilder';
import type { Desk } from '../desk/desk.ts';
import { type Locale, speaker } from '../text/text.ts';
import type { Members } from './members.ts';
import { type Place, teamsData } from './place.ts';

/** Events after which a Teams channel that could not be posted to may be posted to again. */
const MAY_OPEN = new Set(['channelMemberAdded', 'channelRestored', 'channelShared', 'teamUnarchived', 'teamRestored']);

/** Installations, Teams channels and people that come and go. Events may be missing, doubled or late: each only notes what is. */
export class Lifecycle {
  readonly #desk: Desk;
  readonly #members: Members;
  readonly #locale: Locale;

  constructor(parts: { desk: Desk; members: Members; locale: Locale }) {
    this.#desk = parts.desk;
    this.#members = parts.members;
    this.#locale = parts.locale;
  }

  async handle(context: TurnContext, place: Place): Promise<void> {
    const { activity } = context;
    if (activity.type === ActivityTypes.InstallationUpdate) return this.#installation(context, place);
    const { administration, directory } = this.#desk;
    const botId = activity.recipient?.id;
    if (activity.membersRemoved?.some((account) => account?.id === botId)) return administration.removed(place.team.id);
    const desk = await administration.installed(place.team);
    const { eventType, channel } = teamsData(activity);
    if (channel?.id && (eventType === 'channelCreated' || eventType === 'channelRestored'))
      await administration.roomChanged(desk.id, channel.id, true);
    if (channel?.id && eventType === 'channelDeleted') await administration.roomChanged(desk.id, channel.id, false);
    if (eventType && MAY_OPEN.has(eventType)) await this.#desk.lanes.wake(desk.id);
    const gone = (activity.membersRemoved ?? []).map(idsOf).filter((ids) => ids.length > 0);
    this.#members.forget(desk, gone.flat());
    for (const ids of gone) await this.#desk.duty.turnOff(desk.id, { id: ids.at(-1) as string, name: '' });
    directory.forgetDesk(desk.id);
  }

  async #installation(context: TurnContext, place: Place): Promise<void> {
    const { action, id } = context.activity;
    if (action?.startsWith('remove')) return this.#desk.administration.removed(place.team.id);
    const desk = await this.#desk.administration.installed(place.team);
    await this.#desk.lanes.wake(desk.id);
    if (desk.admins.length > 0) return;
    const say = speaker(desk.locale ?? this.#locale);
    await this.#desk.turns.once(`install\n${desk.id}\n${id}`, async () => {
      await context.sendActivity({ type: 'message', text: say('welcome', { bot: desk.botName }), textFormat: 'plain' });
    });
  }
}

/** What a person is known by: the `29:` id, and the Entra id where Teams tells it. */
function idsOf(account: { id?: unknown; aadObjectId?: unknown } | null): string[] {
  return [account?.id, account?.aadObjectId].filter((id) => typeof id === 'string' && id !== '') as string[];
}
