import { setTimeout } from 'node:timers/promises';
import {
  type Activity,
  ActivityTypes,
  CloudAdapter,
  type ConversationReference,
  type InvokeResponse,
  type ResourceResponse,
  type TurnContext,
} from 'botbuilder';
import { DialogContextError } from 'botbuilder-dialogs/lib/dialogContextError.js';
import { DeskError } from '../desk/deskError.ts';
import type { Log } from '../desk/ports.ts';
import { Authentication } from './authentication.ts';
import { wholeCloud } from './cloud.ts';
import type { Poster } from './poster.ts';
import type { BotSettings } from './token.ts';

export type { Activity };

/** Notes a call into a Teams channel of a tenant, for the budget; what it gives is to be called at the call's end. */
export type Spend = (room: string, tenantId: string) => () => void;

/** How often an answer is tried that Teams has no room for, and the longest pause that it may ask for (ms): a person waits for it. */
const THROTTLED_TRIES = 3;
const LONGEST_PAUSE = 2_000;

/** What a turn leaves for the HTTP answer. */
export interface TurnAnswer {
  status: number;
  body?: unknown;
}

/** The SDK's adapter for what comes in: it authenticates and runs the turn. What a turn sends goes out through our poster. */
export class DeskAdapter extends CloudAdapter {
  readonly #poster: Poster;
  readonly #log: Log;
  readonly #spend: Spend;

  constructor(settings: BotSettings, poster: Poster, log: Log, spend: Spend) {
    super(new Authentication(wholeCloud(settings)));
    this.#poster = poster;
    this.#log = log;
    this.#spend = spend;
  }

  /**
   * Authenticates an activity and runs `turn` on it. 401 for a token that is missing, forged, expired or another bot's; 503 when
   * the keys to check it with can't be had and 500 when the turn failed, without a word of the error, so that Teams delivers again.
   */
  async receive(
    authorization: string,
    activity: Activity,
    turn: (context: TurnContext) => Promise<void>,
  ): Promise<TurnAnswer> {
    let running = false;
    try {
      const answer: InvokeResponse | undefined = await this.processActivity(
        authorization,
        activity,
        async (context) => {
          running = true;
          await turn(context);
        },
      );
      return { status: answer?.status ?? 200, body: answer?.body };
    } catch (error) {
      if (!running) {
        const status = keysAreMissing(error) ? 503 : 401;
        this.#log.warn({ status, reason: (error as Error).message }, 'an activity was refused');
        return { status };
      }
      this.#log.error({ err: error }, 'a turn failed');
      return { status: storeIsDown(error) ? 503 : 500 };
    }
  }

  override async sendActivities(context: TurnContext, activities: Partial<Activity>[]): Promise<ResourceResponse[]> {
    const responses: ResourceResponse[] = [];
    for (const activity of activities) {
      if (activity.type === ActivityTypes.InvokeResponse || activity.type === ActivityTypes.Trace) {
        responses.push(...(await super.sendActivities(context, [activity])));
        continue;
      }
      const { outcome } = await this.#call(context, 'POST', activity, `${pathOf(activity)}/activities`);
      if (outcome.kind !== 'delivered')
        this.#log.error({ code: outcome.code }, 'an answer could not be shown in Teams');
      responses.push({ id: outcome.kind === 'delivered' ? (outcome.ref ?? '') : '' });
    }
    return responses;
  }

  override async updateActivity(context: TurnContext, activity: Partial<Activity>): Promise<ResourceResponse> {
    const id = activity.id ?? '';
    const path = `${pathOf(activity)}/activities/${encodeURIComponent(id)}`;
    const { outcome } = await this.#call(context, 'PUT', activity, path);
    if (outcome.kind !== 'delivered') this.#log.error({ code: outcome.code }, 'a card could not be changed in Teams');
    return { id };
  }

  async #call(context: TurnContext, method: 'POST' | 'PUT', activity: Partial<Activity>, path: string) {
    const [room = ''] = (activity.conversation?.id ?? '').split(';');
    for (let tries = 1; ; tries++) {
      const done = this.#spend(room, context.activity.conversation?.tenantId ?? '');
      const called = await this.#poster.call(method, context.activity.serviceUrl, path, activity).finally(done);
      const { outcome } = called;
      if (outcome.kind !== 'refused' || outcome.code !== 'teams.throttled' || tries === THROTTLED_TRIES) return called;
      // A 429 is sure: nothing was shown. The person who asked still waits for this answer, but not for ever, and Teams is never asked too early.
      const { retryAfter: pause = LONGEST_PAUSE } = outcome;
      if (pause > LONGEST_PAUSE) return called;
      await setTimeout(pause);
    }
  }

  override async deleteActivity(context: TurnContext, reference: Partial<ConversationReference>): Promise<void> {
    const path = `/v3/conversations/${encodeURIComponent(reference.conversation?.id ?? '')}/activities/${encodeURIComponent(reference.activityId ?? '')}`;
    await this.#poster.call('DELETE', context.activity.serviceUrl, path);
  }
}

/** The SDK could not load the channel's public keys: that says nothing about the token. */
function keysAreMissing(error: unknown): boolean {
  const { name, statusCode } = error as { name?: string; statusCode?: number };
  return name === 'FetchError' || (statusCode !== undefined && statusCode >= 500);
}

/** botbuilder-dialogs wraps what a dialog throws, once for each dialog around it. */
function storeIsDown(error: unknown): boolean {
  if (error instanceof DialogContextError) return storeIsDown(error.error);
  return error instanceof DeskError && error.code === 'store.unavailable';
}

function pathOf(activity: Partial<Activity>): string {
  return `/v3/conversations/${encodeURIComponent(activity.conversation?.id ?? '')}`;
}
