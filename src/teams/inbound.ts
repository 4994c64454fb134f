import { type Activity, ActivityTypes, Channels, type TurnContext } from 'botbuilder';
import type { Facts } from '../../dialogs/facts.ts';
import type { Desk } from '../desk/desk.ts';
import type { Log } from '../desk/ports.ts';
import { rulesOf } from '../desk/rules.ts';
import type { DeskSettings } from '../desk/settings.ts';
import { type Locale, speaker } from '../text/text.ts';
import type { Clicks } from './clicks.ts';
import type { Lifecycle } from './lifecycle.ts';
import { type Place, personOf, placeOf, teamsData, tenantOf, timeOf } from './place.ts';
import { readSpoken, type Spoken } from './spoken.ts';

/** The dialogs, as far as messages need them. */
export interface Talk {
  begin(context: TurnContext, facts: Facts, id: string): Promise<void>;
  /** A message of before has other words now, or is there again. `at`: when that happened (Unix ms). */
  edited(facts: Facts, id: string, at: number): Promise<void>;
  deleted(facts: Facts, id: string, at: number): Promise<void>;
}

export interface InboundParts {
  desk: Desk;
  talk: Talk;
  clicks: Clicks;
  lifecycle: Lifecycle;
  digest(text: string): string;
  /** The time of day (Unix ms). */
  now(): number;
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
    const change = changeIn(activity);
    if (activity.type !== ActivityTypes.Message && activity.type !== ActivityTypes.Invoke && !change) return;
    const settings = await desk.administration.installed(place.team);
    const locale = settings.locale ?? this.#parts.locale;
    if (change) return this.#changed(change, activity, place, settings, locale);
    if (activity.type === ActivityTypes.Invoke) return clicks.invoked(context, place, locale);
    if (typeof activity.value === 'object' && activity.value !== null)
      return clicks.clicked(context, place, settings, locale);
    return this.#said(context, place, settings, locale);
  }

  async #said(context: TurnContext, place: Place, settings: DeskSettings, locale: Locale): Promise<void> {
    const facts = this.#factsOf(context.activity, place, settings, locale);
    await this.#parts.talk.begin(context, facts, this.#dialogOf(facts));
  }

  /** These come twice, late or never: they only mend what a message has become meanwhile. */
  async #changed(
    change: 'edited' | 'deleted',
    activity: Activity,
    place: Place,
    settings: DeskSettings,
    locale: Locale,
  ): Promise<void> {
    const { talk, now } = this.#parts;
    const facts = this.#factsOf(activity, place, settings, locale);
    await talk[change](facts, this.#dialogOf(facts), timeOf(activity) ?? now());
  }

  /** Where a dialog about a message is kept while it waits for a click. */
  #dialogOf({ threadId, activityId }: Facts): string {
    return this.#parts.digest(`dialog\n${threadId}\n${activityId}`);
  }

  #factsOf(activity: Activity, { room, threadId }: Place, settings: DeskSettings, locale: Locale): Facts {
    const spoken = readSpoken(activity);
    return {
      deskId: settings.id,
      botName: settings.botName,
      locale,
      room,
      threadId,
      activityId: activity.id ?? '',
      person: personOf(activity),
      ...spoken,
      typed: this.#typedAs(spoken),
      addressed: isAddressed(activity),
      guarded: rulesOf(settings).guarded,
    };
  }

  /** A block of code may be a mark, so that it counts; white space is no word, and clients put it where they like. */
  #typedAs({ text, code = '' }: Spoken): string {
    const bare = (words: string) => words.replace(/\s+/g, ' ').trim();
    return this.#parts.digest(`typed\n${bare(text)}\n${bare(code)}`);
  }
}

/** What happened to a message that was written before. An edited message keeps its id; a deleted one comes without its text. */
function changeIn(activity: Activity): 'edited' | 'deleted' | undefined {
  const { eventType } = teamsData(activity);
  if (activity.type === ActivityTypes.MessageUpdate)
    return eventType === 'editMessage' || eventType === 'undeleteMessage' ? 'edited' : undefined;
  return activity.type === ActivityTypes.MessageDelete && eventType === 'softDeleteMessage' ? 'deleted' : undefined;
}

/** Whether the bot itself is mentioned: with a permission to read the whole channel, colleagues' talk arrives too. */
function isAddressed(activity: Partial<Activity>): boolean {
  return (activity.entities ?? []).some(
    (entity) => entity?.type === 'mention' && entity.mentioned?.id === activity.recipient?.id,
  );
}
