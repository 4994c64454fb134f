import type { TurnContext } from 'botbuilder';
import { isListPage } from '../../cards/canned.ts';
import { connectionButtons } from '../../cards/connections.ts';
import { settledCard } from '../../cards/failure.ts';
import { helpButtons } from '../../cards/help.ts';
import { rootButtons } from '../../cards/root.ts';
import type { Facts } from '../../dialogs/facts.ts';
import type { Form, FormTurn, TaskAnswer } from '../../dialogs/forms/form.ts';
import type { Press } from '../../dialogs/presses.ts';
import type { Desk } from '../desk/desk.ts';
import type { DeskSettings, Person } from '../desk/settings.ts';
import { type Locale, speaker } from '../text/text.ts';
import { isAboutDelivery, pressed, type Settled } from './deliveryClicks.ts';
import type { Member, Members } from './members.ts';
import { type Place, personOf } from './place.ts';

/** What clicks need of the dialogs: to go on with a question, or to begin with a command. */
export interface Answering {
  begin(context: TurnContext, facts: Facts, id: string): Promise<void>;
  answer(context: TurnContext, id: string, person: Person, desk: { id: string; locale: Locale }): Promise<void>;
}

interface Parts {
  desk: Desk;
  members: Members;
  answering: Answering;
  forms: ReadonlyMap<string, Form>;
  presses: ReadonlyMap<string, Press>;
}

/** Presses of our cards' buttons. Anybody in the Teams channel can press them, and their data can be made up: all is checked here. */
export class Clicks {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A press has one effect, however often Teams delivers it. */
  async clicked(context: TurnContext, place: Place, desk: DeskSettings, locale: Locale): Promise<void> {
    const { conversation, id } = context.activity;
    const turn = await this.#parts.desk.turns.once(`click\n${conversation.id}\n${id}`, () =>
      this.#act(context, place, desk, locale),
    );
    if (turn === 'interrupted') await this.#tell(context, speaker(locale)('answer.interrupted'));
  }

  async #act(context: TurnContext, place: Place, desk: DeskSettings, locale: Locale): Promise<void> {
    const { answering, members, presses } = this.#parts;
    const value = context.activity.value as Record<string, unknown>;
    const member = await members.find(desk, context.activity.from?.id ?? '');
    if (!member) return this.#tell(context, speaker(locale)('answer.notMember'));
    const press = presses.get(String(value.madoguchi));
    if (press) return press(context, { ...place, deskId: desk.id, person: member.person, locale }, value);
    if (isAboutDelivery(value)) {
      const effect = await pressed(this.#parts.desk, desk, value, member.person, speaker(locale));
      return 'settles' in effect ? this.#settle(context, effect) : this.#tell(context, effect.tells);
    }
    if (value.madoguchi === 'goOnHere') return this.#goOnHere(context, desk, member, locale);
    if (value.madoguchi === 'command') return this.#command(context, place, desk, member.person, locale);
    if (value.madoguchi !== 'confirm' || typeof value.dialog !== 'string') return;
    await answering.answer(context, value.dialog, member.person, { id: desk.id, locale });
  }

  /** A button of the help card or of a root card. Only what stands there can be run this way: nothing made up becomes a reply to an end user. */
  async #command(
    context: TurnContext,
    { room, threadId }: Place,
    desk: DeskSettings,
    person: Person,
    locale: Locale,
  ): Promise<void> {
    const { command } = context.activity.value as { command?: unknown };
    const text = String(command);
    if (!isListPage(text) && ![...helpButtons, ...rootButtons, ...connectionButtons].some((known) => known === text))
      return;
    const { id: activityId = '' } = context.activity;
    const { id: deskId, botName } = desk;
    const facts: Facts = {
      deskId,
      botName,
      locale,
      room,
      threadId,
      activityId,
      person,
      text,
      mentioned: [],
      pictures: [],
      unsent: [],
      addressed: true,
    };
    // Commands never wait for a click, so that nothing is ever kept under this id.
    await this.#parts.answering.begin(context, facts, activityId);
  }

  /** Answers `task/fetch` and `task/submit` of our forms; every other invoke is not ours (501, as the SDK says it). */
  async invoked(context: TurnContext, { team, room, threadId }: Place, locale: Locale): Promise<void> {
    const { activity } = context;
    const given: unknown = (activity.value as { data?: unknown } | undefined)?.data;
    const data = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
    const form = this.#parts.forms.get(String(data.madoguchi));
    const { id: activityId = '' } = activity;
    const turn: FormTurn = { deskId: team.id, room, threadId, activityId, person: personOf(activity), locale };
    const respond = (status: number, body?: TaskAnswer) =>
      context.sendActivity({ type: 'invokeResponse', value: { status, body } });
    if (form && activity.name === 'task/fetch') await respond(200, await form.open(turn, data));
    else if (form && activity.name === 'task/submit')
      await respond(200, await form.submit(turn, data, (text) => this.#tell(context, text)));
    else await respond(501);
  }

  /** An admin lets the conversations of a Teams channel that can't be posted to go on in General. */
  async #goOnHere(context: TurnContext, desk: DeskSettings, member: Member, locale: Locale): Promise<void> {
    const { holds, administration } = this.#parts.desk;
    const { lane } = context.activity.value as Record<string, unknown>;
    const say = speaker(locale);
    if (typeof lane !== 'string') return this.#tell(context, say('held.over'));
    if (member.guest || !administration.mayAdminister(desk, member.person))
      return this.#tell(context, say('desk.notAdmin', { names: desk.admins.map(({ name }) => name).join(', ') }));
    if (!(await holds.goOnInGeneral(lane, desk.id))) return this.#tell(context, say('held.over'));
    await this.#settle(context, { settles: say('held.goesOnHere', { name: member.person.name }) });
  }

  /** The card as it is when somebody has dealt with it. */
  async #settle(context: TurnContext, { settles, words }: Settled): Promise<void> {
    const { card, summary } = settledCard(settles, words);
    await context.updateActivity({
      type: 'message',
      id: context.activity.replyToId,
      summary,
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
    });
  }

  async #tell(context: TurnContext, text: string): Promise<void> {
    await context.sendActivity({ type: 'message', text, textFormat: 'plain' });
  }
}
