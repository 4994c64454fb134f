import type { TurnContext } from 'botbuilder';
import { settledCard } from '../../cards/failure.ts';
import type { FormTurn, TaskAnswer } from '../../dialogs/setupForm.ts';
import type { Desk } from '../desk/desk.ts';
import type { DeskSettings, Person } from '../desk/settings.ts';
import { type Locale, speaker } from '../text/text.ts';
import type { Members } from './members.ts';
import { type Place, personOf } from './place.ts';

/** What a waiting question needs of the dialogs. */
export interface Answering {
  answer(context: TurnContext, id: string, person: Person, desk: { id: string; locale: Locale }): Promise<void>;
}

/** The setup form. */
export interface Form {
  open(turn: FormTurn): Promise<TaskAnswer>;
  submit(turn: FormTurn, data: unknown, announce: (text: string) => Promise<void>): Promise<TaskAnswer>;
}

interface Parts {
  desk: Desk;
  members: Members;
  answering: Answering;
  form: Form;
}

/** Presses of our cards' buttons. Anybody in the Teams channel can press them, and their data can be made up: all is checked here. */
export class Clicks {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A press has one effect, however often Teams delivers it. */
  async clicked(context: TurnContext, desk: DeskSettings, locale: Locale): Promise<void> {
    const { conversation, id } = context.activity;
    const turn = await this.#parts.desk.turns.once(`click\n${conversation.id}\n${id}`, () =>
      this.#act(context, desk, locale),
    );
    if (turn === 'interrupted') await this.#tell(context, speaker(locale)('answer.interrupted'));
  }

  async #act(context: TurnContext, desk: DeskSettings, locale: Locale): Promise<void> {
    const { answering, members } = this.#parts;
    const value = context.activity.value as Record<string, unknown>;
    const member = await members.find(desk, context.activity.from?.id ?? '');
    if (!member) return this.#tell(context, speaker(locale)('answer.notMember'));
    if (value.madoguchi === 'sendAgain' || value.madoguchi === 'markDelivered')
      return this.#parked(context, desk, member.person, locale);
    if (value.madoguchi !== 'confirm' || typeof value.dialog !== 'string') return;
    await answering.answer(context, value.dialog, member.person, { id: desk.id, locale });
  }

  /** Answers `task/fetch` and `task/submit`; every other invoke is not ours (501, as the SDK says it). */
  async invoked(context: TurnContext, place: Place, locale: Locale): Promise<void> {
    const { activity } = context;
    const data = (activity.value as { data?: Record<string, unknown> } | undefined)?.data;
    const turn: FormTurn = { deskId: place.team.id, room: place.room, person: personOf(activity), locale };
    const respond = (status: number, body?: TaskAnswer) =>
      context.sendActivity({ type: 'invokeResponse', value: { status, body } });
    if (data?.madoguchi !== 'setup') await respond(501);
    else if (activity.name === 'task/fetch') await respond(200, await this.#parts.form.open(turn));
    else if (activity.name === 'task/submit')
      await respond(200, await this.#parts.form.submit(turn, data, (text) => this.#tell(context, text)));
    else await respond(501);
  }

  async #parked(context: TurnContext, desk: DeskSettings, person: Person, locale: Locale): Promise<void> {
    const { parked, directory } = this.#parts.desk;
    const { madoguchi, lane, delivery } = context.activity.value as Record<string, unknown>;
    const say = speaker(locale);
    if (typeof lane !== 'string' || typeof delivery !== 'string') return;
    const stored = await parked.read(lane, delivery);
    const conversation =
      stored && (await directory.changeConversation(stored.conversationId, (current) => current)).value;
    if (conversation?.deskId !== desk.id) return this.#tell(context, say('conversation.unknown'));
    const again = madoguchi === 'sendAgain';
    const done = again ? await parked.sendAgain(lane, delivery) : await parked.markDelivered(lane, delivery);
    if (!done) return this.#tell(context, say('failure.alreadyDone'));
    const { card, summary } = settledCard(
      say(again ? 'failure.sentAgain' : 'failure.markedSent', { name: person.name }),
    );
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
