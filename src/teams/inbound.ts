import { type Activity, ActivityTypes, Channels, type TurnContext } from 'botbuilder';
import type { Facts } from '../../dialogs/facts.ts';
import type { Desk } from '../desk/desk.ts';
import type { Log } from '../desk/ports.ts';
import { rulesOf } from '../desk/rules.ts';
import type { DeskSettings } from '../desk/settings.ts';
import { type Locale, speaker } from '../text/text.ts';
import type { Clicks } from './clicks.ts';
import type { Lifecycle } from './lifecycle.ts';
import { type Place, personOf, placeOf, tenantOf } from './place.ts';
import { readSpoken } from './spoken.ts';

/** The dialogs, as far as messages need them. */
export interface Talk {
  begin(context: TurnContext, facts: Facts, id: string): Promise<void>;
}

export interface InboundParts {
  desk: Desk;
  talk: Talk;
  clicks: Clicks;
  lifecycle: Lifecycle;
  digest(text: string): string;
  /** Tenants that may use this bot, in lower case; `undefined` = every one. */
  tenants?: ReadonlySet<string>;
  locale: Locale;
  log: Log;
}

/** What became of an activity: `foreign` comes from a tenant that may not use this bot, or from another channel of the bot registration. */
export type Handled = 'done' | 'foreign';

/** Every activity from Teams, once it is authenticated. */
export class Inbound {
  readonly #parts: InboundParts;

  constructor(parts: InboundParts) {
    this.#parts = parts;
  }

  async handle(context: TurnContext): Promise<Handled> {
    const { activity } = context;
    // Web Chat and Direct Line are on by default at a bot registration, and there anybody chooses `channelData` freely.
    if (activity.channelId !== Channels.Msteams) {
      this.#parts.log.warn({}, 'an activity that does not come from Teams was refused');
      return 'foreign';
    }
    const tenant = tenantOf(activity)?.toLowerCase();
    if (this.#parts.tenants && !(tenant && this.#parts.tenants.has(tenant))) {
      this.#parts.log.warn({ tenant }, 'an activity of a tenant that is not allowed was refused');
      return 'foreign';
    }
    const place = placeOf(activity);
    if (place) await this.#inTeam(context, place);
    else if (activity.type === ActivityTypes.Message)
      await context.sendActivity({
        type: 'message',
        text: speaker(this.#parts.locale)('answer.notInTeam'),
        textFormat: 'plain',
      });
    return 'done';
  }

  async #inTeam(context: TurnContext, place: Place): Promise<void> {
    const { activity } = context;
    const { lifecycle, clicks, desk } = this.#parts;
    // Answers belong into the thread, also when a root post arrives without its suffix.
    if (activity.type === ActivityTypes.Message) activity.conversation.id = place.threadId;
    if (activity.type === ActivityTypes.InstallationUpdate || activity.type === ActivityTypes.ConversationUpdate)
      return lifecycle.handle(context, place);
    if (activity.type !== ActivityTypes.Message && activity.type !== ActivityTypes.Invoke) return;
    const settings = await desk.administration.installed(place.team);
    const locale = settings.locale ?? this.#parts.locale;
    if (activity.type === ActivityTypes.Invoke) return clicks.invoked(context, place, locale);
    if (typeof activity.value === 'object' && activity.value !== null)
      return clicks.clicked(context, place, settings, locale);
    return this.#said(context, place, settings, locale);
  }

  async #said(context: TurnContext, place: Place, settings: DeskSettings, locale: Locale): Promise<void> {
    const { talk, digest } = this.#parts;
    const { activity } = context;
    const spoken = readSpoken(activity);
    const facts: Facts = {
      deskId: settings.id,
      botName: settings.botName,
      locale,
      room: place.room,
      threadId: place.threadId,
      activityId: activity.id ?? '',
      person: personOf(activity),
      ...spoken,
      addressed: isAddressed(activity),
      guarded: rulesOf(settings).guarded,
    };
    await talk.begin(context, facts, digest(`dialog\n${place.threadId}\n${facts.activityId}`));
  }
}

/** Whether the bot itself is mentioned: with a permission to read the whole channel, colleagues' talk arrives too. */
function isAddressed(activity: Partial<Activity>): boolean {
  return (activity.entities ?? []).some(
    (entity) => entity?.type === 'mention' && entity.mentioned?.id === activity.recipient?.id,
  );
}
