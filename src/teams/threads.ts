import { type Activity, ActivityTypes, type Attachment } from 'botbuilder';
import type { Drawn } from '../../cards/card.ts';
import { editedCard } from '../../cards/edited.ts';
import { failureCard } from '../../cards/failure.ts';
import { heldCard } from '../../cards/held.ts';
import { historyCard } from '../../cards/history.ts';
import { messageCard } from '../../cards/message.ts';
import { noticeCard } from '../../cards/notice.ts';
import { rootCard } from '../../cards/root.ts';
import type { Outcome } from '../desk/outcome.ts';
import type { HeldNotice, PrivateNotice, RootView, TeamsPort, ThreadPost } from '../desk/ports.ts';
import type { DeskSettings, Person, Room } from '../desk/settings.ts';
import { keyOf, type Locale, type Say, speaker } from '../text/text.ts';
import type { Answer, Poster } from './poster.ts';

/** The reaction that tells an operator, quietly, that their message has arrived. */
const CONFIRMATION = 'like';

/** Threads in Teams channels: draws the desk's posts as cards and puts each into one POST. */
export class Threads implements TeamsPort {
  readonly #poster: Poster;
  readonly #locale: Locale;

  constructor(poster: Poster, locale: Locale) {
    this.#poster = poster;
    this.#locale = locale;
  }

  /** Source of the shape: botbuilder's createConversation for Teams; `messageid` in the answer's id is the thread's root. */
  async openThread(view: RootView, repeat?: boolean): Promise<Outcome> {
    const { desk, conversation } = view;
    const card = rootCard(view, this.#say(desk), repeat);
    const { outcome, body } = await this.#create(desk, conversation.refuge ?? conversation.room, card);
    if (outcome.kind !== 'delivered') return outcome;
    const { id, activityId } = (body ?? {}) as { id?: unknown; activityId?: unknown };
    if (typeof id !== 'string') return { kind: 'unknown', code: 'teams.interrupted' };
    return { kind: 'delivered', ref: id.includes(';messageid=') ? id : `${id};messageid=${String(activityId)}` };
  }

  async tellAdmins(desk: DeskSettings, notice: HeldNotice): Promise<Outcome> {
    return (await this.#create(desk, desk.id, heldCard(desk, notice, this.#say(desk)))).outcome;
  }

  tellOfParked(desk: DeskSettings, threadId: string, admin: Person, count: number): Promise<Outcome> {
    const say = speaker(admin.locale ?? desk.locale ?? this.#locale);
    return this.#target(desk, threadId, admin, say(count === 1 ? 'parked.one' : 'parked.many', { count }));
  }

  async post(desk: DeskSettings, threadId: string, post: ThreadPost): Promise<Outcome> {
    const say = this.#say(desk);
    const { outcome } = await this.#poster.call(
      'POST',
      desk.serviceUrl,
      `${conversationPath(threadId)}/activities`,
      this.#activity(drawn(post, desk, say)),
    );
    return outcome;
  }

  redraw(desk: DeskSettings, threadId: string, ref: string, post: ThreadPost): Promise<Outcome> {
    return this.#replace(desk, threadId, ref, drawn(post, desk, this.#say(desk)));
  }

  async updateRoot(view: RootView): Promise<Outcome> {
    const { desk, conversation } = view;
    const { id, rootId } = conversation.thread ?? { id: '', rootId: '' };
    return this.#replace(desk, id, rootId, rootCard(view, this.#say(desk)));
  }

  async #replace(desk: DeskSettings, threadId: string, id: string, card: Drawn): Promise<Outcome> {
    const path = `${conversationPath(threadId)}/activities/${encodeURIComponent(id)}`;
    return (await this.#poster.call('PUT', desk.serviceUrl, path, { ...this.#activity(card), id })).outcome;
  }

  /** Targeted messages (generally available since July 2026): only their recipient sees them, for about a day. */
  async tellPrivately(desk: DeskSettings, threadId: string, person: Person, notice: PrivateNotice): Promise<Outcome> {
    const say = speaker(person.locale ?? desk.locale ?? this.#locale);
    const text = say(keyOf(notice.sentence), notice.values);
    const outcome = await this.#target(desk, threadId, person, text);
    // A client or cloud that can't: being told before others is better than not being told.
    if (outcome.kind !== 'refused' || outcome.transient) return outcome;
    const path = `${conversationPath(threadId)}/activities`;
    return (await this.#poster.call('POST', desk.serviceUrl, path, plain(text))).outcome;
  }

  async #target(desk: DeskSettings, threadId: string, person: Person, text: string): Promise<Outcome> {
    const path = `${conversationPath(threadId)}/activities?isTargetedActivity=true`;
    const recipient = { id: person.teamsId ?? person.id, name: person.name };
    return (await this.#poster.call('POST', desk.serviceUrl, path, { ...plain(text), recipient })).outcome;
  }

  /** Bots may react since July 2026; where a client or cloud can't yet, nothing is shown. */
  async confirm(desk: DeskSettings, threadId: string, activityId: string): Promise<void> {
    const path = `${conversationPath(threadId)}/activities/${encodeURIComponent(activityId)}/reactions/${CONFIRMATION}`;
    await this.#poster.call('PUT', desk.serviceUrl, path);
  }

  async listRooms(desk: DeskSettings): Promise<Room[] | undefined> {
    const { outcome, body } = await this.#poster.call(
      'GET',
      desk.serviceUrl,
      `/v3/teams/${encodeURIComponent(desk.id)}/conversations`,
    );
    const rooms = (body as { conversations?: unknown } | undefined)?.conversations;
    if (outcome.kind !== 'delivered' || !Array.isArray(rooms)) return undefined;
    return rooms.flatMap((room: { id?: unknown; name?: unknown } | null) => {
      if (typeof room?.id !== 'string') return [];
      return [{ id: room.id, name: typeof room.name === 'string' && room.name !== '' ? room.name : undefined }];
    });
  }

  #create(desk: DeskSettings, room: string, root: Drawn): Promise<Answer> {
    return this.#poster.call('POST', desk.serviceUrl, '/v3/conversations', {
      isGroup: true,
      tenantId: desk.tenantId,
      bot: { id: desk.botId, name: desk.botName },
      channelData: { channel: { id: room }, tenant: { id: desk.tenantId } },
      activity: this.#activity(root),
    });
  }

  #activity({ card, summary }: Drawn): Partial<Activity> {
    const attachment: Attachment = { contentType: 'application/vnd.microsoft.card.adaptive', content: card };
    return { type: ActivityTypes.Message, summary, attachments: [attachment] };
  }

  #say(desk: DeskSettings) {
    return speaker(desk.locale ?? this.#locale);
  }
}

function drawn(post: ThreadPost, desk: DeskSettings, say: Say): Drawn {
  switch (post.type) {
    case 'message':
      return messageCard(post, say);
    case 'earlier':
      return historyCard(post.earlier, say);
    case 'notice':
      return noticeCard(post, desk, say);
    case 'failure':
      return failureCard(post, say);
    case 'edited':
      return editedCard(post, say);
  }
}

function conversationPath(id: string): string {
  return `/v3/conversations/${encodeURIComponent(id)}`;
}

function plain(text: string): Partial<Activity> {
  return { type: ActivityTypes.Message, text, textFormat: 'plain' };
}
