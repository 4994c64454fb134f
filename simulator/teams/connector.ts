import { z } from 'zod';
import type { Answer, Request } from '../http.ts';
import { segmentsOf } from '../http.ts';
import type { Stage } from '../stage.ts';
import type { Post, TeamsChannel, Thread } from '../state.ts';
import { badArgument, ConnectorError, throttled } from './connectorError.ts';
import type { LimitKind, Limits } from './limits.ts';
import type { Content, OutgoingActivity } from './parts.ts';
import { checkActivity, contentsOf } from './parts.ts';
import { allMembers, channelList, memberOf, pageOfMembers, teamDetails } from './roster.ts';
import type { NewPost, Team } from './team.ts';

export interface ConnectorOptions {
  /** Says whether the Authorization header is good; everything is when absent. */
  requireToken?: (header: string | undefined) => boolean;
}

interface Place {
  channel: TeamsChannel;
  /** Absent for a bare channel id: a post there starts a new thread. */
  thread?: Thread;
}

const newConversation = z.object({
  isGroup: z.literal(true),
  tenantId: z.string().optional(),
  channelData: z.object({ channel: z.object({ id: z.string() }), tenant: z.object({ id: z.string() }).optional() }),
  activity: z.unknown().optional(),
});

/** The Bot Framework connector as Teams runs it: threads by `;messageid=`, rosters, documented errors and limits. */
export class Connector {
  readonly #stage: Stage;
  readonly #team: Team;
  readonly #limits: Limits;
  readonly #options: ConnectorOptions;

  constructor(stage: Stage, team: Team, limits: Limits, options: ConnectorOptions) {
    this.#stage = stage;
    this.#team = team;
    this.#limits = limits;
    this.#options = options;
  }

  /** Answers one call; never throws for what the caller did wrong. */
  route(request: Request): Answer {
    try {
      return this.#route(request);
    } catch (error) {
      if (error instanceof ConnectorError) return error.answer;
      throw error;
    }
  }

  #route(request: Request): Answer {
    const { requireToken } = this.#options;
    if (requireToken && !requireToken(request.headers.authorization)) {
      throw new ConnectorError(401, 'BotNotRegistered', 'Authorization has been denied for this request.');
    }
    this.#spend('overall', '');
    const [version, kind, id, ...rest] = segmentsOf(request.path) ?? [];
    if (version !== 'v3') throw notFound(request);
    if (kind === 'attachments') return this.#attachment(request, id, rest);
    if (kind === 'teams' && id !== undefined) return this.#teamRoute(request, id, rest);
    if (kind !== 'conversations') throw notFound(request);
    if (id === undefined) {
      if (request.method !== 'POST') throw refuse(request);
      return this.#createConversation(request);
    }

    const place = this.#place(id);
    if (rest[0] === 'activities') return this.#activityRoute(request, place, rest.slice(1));
    if (request.method !== 'GET') throw refuse(request);
    if (rest[0] === 'pagedMembers') return this.#pagedMembers(request, place);
    if (rest[0] === 'members') return this.#members(place, rest[1]);
    throw notFound(request);
  }

  #activityRoute(request: Request, place: Place, [activityId, sub, type]: string[]): Answer {
    const { method } = request;
    if (method === 'POST' && sub === undefined) return this.#send(request, place); // an activity id to reply to does not route
    if (activityId === undefined) throw refuse(request);
    if (sub === 'reactions' && type) {
      if (method !== 'PUT' && method !== 'DELETE') throw refuse(request);
      this.#spend('reactions', '');
      const { post } = this.#postIn(place, activityId);
      this.#team.react(post, this.#stage.world.bot.id, type, method === 'PUT');
      return { status: 204 };
    }
    if (sub !== undefined) throw notFound(request);
    if (method === 'PUT') return this.#update(request, place, activityId);
    if (method === 'DELETE') return this.#delete(place, activityId);
    throw refuse(request);
  }

  /** A picture that somebody pasted: only the bot gets it, by its token. */
  #attachment(request: Request, id: string | undefined, rest: string[]): Answer {
    if (request.method !== 'GET') throw refuse(request);
    const answer = rest.join('/') === 'views/original' ? this.#stage.files.answer(id) : { status: 404 };
    if (answer.status === 200) return answer;
    throw new ConnectorError(404, 'NotFound', 'The attachment was not found.');
  }

  #createConversation(request: Request): Answer {
    const parsed = newConversation.safeParse(jsonOf(request));
    if (!parsed.success)
      throw badArgument('isGroup, channelData.channel.id and activity are needed to start a thread.');
    const { channelData, tenantId = channelData.tenant?.id } = parsed.data;
    if (tenantId !== undefined && tenantId !== this.#stage.world.tenantId) {
      throw new ConnectorError(403, 'ForbiddenOperationException', 'The tenant is not the one of the Teams channel.');
    }
    const { channel, thread } = this.#place(channelData.channel.id);
    if (thread) throw badArgument('channelData.channel.id must be the id of a Teams channel.');
    this.#spend('create', channel.id);
    const contents = contentsOf(checkActivity(parsed.data.activity), this.#team);
    if (contents.length > 1) throw badArgument('The first message of a thread must be one part.');
    const started = this.#team.startThread(channel, this.#byBot(contents[0]));
    return { status: 201, body: { id: started.thread.id, activityId: started.post.id } };
  }

  #send(request: Request, place: Place): Answer {
    const activity = checkTyping(jsonOf(request));
    if (activity === 'typing') return { status: 202 };
    const checked = checkActivity(activity);
    const contents = contentsOf(checked, this.#team);
    const targetedTo = this.#target(request, checked);
    this.#spend('send', place.channel.id, contents.length);
    if (contents.length > 1) {
      const splitFrom = this.#stage.nextId();
      for (const content of contents) this.#addPost(place, { ...this.#byBot(content), splitFrom, targetedTo });
      return { status: 202 }; // Teams tells no id for split messages
    }
    const { post } = this.#addPost(place, { ...this.#byBot(contents[0]), targetedTo });
    return { status: 201, body: { id: post.id } };
  }

  #update(request: Request, place: Place, activityId: string): Answer {
    const { post } = this.#ownPost(place, activityId);
    this.#spend('send', place.channel.id);
    const contents = contentsOf(checkActivity(jsonOf(request)), this.#team);
    if (contents.length > 1) throw badArgument('An update must be one part.');
    this.#team.edit(post, { text: undefined, ...contents[0] });
    return { status: 200, body: { id: post.id } };
  }

  #delete(place: Place, activityId: string): Answer {
    const { post, thread } = this.#ownPost(place, activityId);
    this.#team.remove(post, thread, false);
    return { status: 200 };
  }

  #addPost({ channel, thread }: Place, content: NewPost) {
    return thread ? this.#team.reply(thread, content) : this.#team.startThread(channel, content);
  }

  #byBot(content: Content | undefined): NewPost {
    const { id, name } = this.#stage.world.bot;
    return { from: id, fromName: name, fromBot: true, ...content };
  }

  #target(request: Request, { recipient }: OutgoingActivity): string | undefined {
    if (request.query.get('isTargetedActivity') !== 'true') return undefined;
    const person = recipient?.id ? this.#team.findPerson(recipient.id) : undefined;
    if (!person?.member) throw badArgument('A targeted message needs a member of the conversation as recipient.');
    return person.id;
  }

  #members({ channel }: Place, memberId: string | undefined): Answer {
    this.#spend('members', channel.id);
    if (memberId !== undefined) return { status: 200, body: memberOf(this.#team, memberId) };
    this.#spend('membersUnpaged', channel.id);
    return { status: 200, body: allMembers(this.#team) };
  }

  #pagedMembers({ query }: Request, { channel }: Place): Answer {
    this.#spend('members', channel.id);
    return { status: 200, body: pageOfMembers(this.#team, query) };
  }

  #teamRoute(request: Request, id: string, rest: string[]): Answer {
    const { team } = this.#stage.world;
    if (request.method !== 'GET') throw refuse(request);
    this.#place(team.id);
    if (id !== team.id) throw new ConnectorError(404, 'ConversationNotFound', 'The team was not found.');
    if (rest.length === 0) return { status: 200, body: teamDetails(this.#team) };
    if (rest.length > 1 || rest[0] !== 'conversations') throw notFound(request);
    this.#spend('conversations', team.id);
    return { status: 200, body: { conversations: channelList(this.#team) } };
  }

  /** Where a conversation id leads. Throws 403 without the app, 404 for what is unknown or deleted. */
  #place(conversationId: string): Place {
    if (!this.#stage.world.bot.installed) {
      throw new ConnectorError(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
    }
    const [channelId = '', suffix] = conversationId.split(';messageid=');
    const channel = this.#stage.world.channels.find((each) => each.id === channelId && !each.deleted);
    const thread = suffix === undefined ? undefined : this.#team.findThread(conversationId);
    if (!channel || (suffix !== undefined && (!thread || thread.deleted))) {
      throw new ConnectorError(404, 'ConversationNotFound', 'Conversation not found.');
    }
    return { channel, thread };
  }

  #postIn({ channel, thread }: Place, activityId: string): { post: Post; thread: Thread } {
    const found = this.#team.findPost(activityId);
    const here = found && found.thread.channelId === channel.id && (!thread || found.thread === thread);
    if (here && !found.post.deletedAt) return found;
    throw new ConnectorError(404, 'ActivityNotFoundInConversation', 'The activity was not found in the conversation.');
  }

  #ownPost(place: Place, activityId: string) {
    const found = this.#postIn(place, activityId);
    if (found.post.fromBot) return found;
    throw new ConnectorError(403, 'NotEnoughPermissions', 'A bot can change its own messages only.');
  }

  #spend(kind: LimitKind, place: string, count = 1): void {
    const waitMs = this.#limits.spend(kind, place, count);
    if (waitMs > 0) throw throttled(waitMs);
  }
}

function checkTyping(value: unknown): unknown {
  const isTyping = typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'typing';
  return isTyping ? 'typing' : value;
}

function jsonOf({ raw }: Request): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw badArgument('The body is not JSON.');
  }
}

const notFound = ({ path }: Request) => new ConnectorError(404, 'NotFound', `No HTTP resource was found at ${path}.`);

const refuse = ({ method }: Request) =>
  new ConnectorError(405, 'MethodNotAllowed', `The resource does not support ${method}.`);
