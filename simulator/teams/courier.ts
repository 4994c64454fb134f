import type { UnderWay } from '../delivery.ts';
import { deliver } from '../delivery.ts';
import type { Stage } from '../stage.ts';
import { BadInput } from '../stage.ts';
import type { InvokeAnswer } from '../state.ts';
import type { Activity } from './activities.ts';

export interface CourierOptions {
  /** Where the bot listens, without the path. */
  botUrl: string;
  /** Where Teams is reached; ends with a slash, as the real one. */
  serviceUrl: string;
  /** Makes the Authorization header; none is sent when absent. */
  authorization?: (audience: string, serviceUrl: string) => Promise<string | undefined>;
  /** A bot that has not answered 2xx by then gets the activity again, default 15,000. */
  redeliverAfterMs?: number;
  /** Pause before an activity comes again whose connection broke or that was refused, default `redeliverAfterMs`. */
  activityRetryMs?: number;
  /** How often an activity is sent in all, default 3. */
  activityTries?: number;
}

const kept = 2_000;

/** Carries activities to `POST /api/messages`: again, under the same id, when the bot does not accept them in time. */
export class Courier {
  readonly serviceUrl: string;
  readonly #stage: Stage;
  readonly #options: CourierOptions;
  readonly #sent = new Map<string, Activity>();

  constructor(stage: Stage, options: CourierOptions) {
    this.#stage = stage;
    this.#options = options;
    this.serviceUrl = options.serviceUrl;
  }

  /** Sends an activity. `times` 1 = no redelivery. */
  deliver(activity: Activity, times = this.#options.activityTries ?? 3): UnderWay {
    this.#remember(activity);
    const waitMs = this.#waitMs;
    const kind = activity.type === 'invoke' ? `invoke ${activity.name}` : activity.type;
    return deliver(this.#stage, {
      id: activity.id,
      side: 'teams',
      kind,
      request: () => this.#request(activity),
      timeoutMs: waitMs,
      tries: times,
      repeatAfterMs: this.#options.activityRetryMs ?? waitMs,
    });
  }

  /** Sends an activity of before once more, as Teams does after a lost answer. */
  redeliver(activityId: string): UnderWay {
    const activity = this.#sent.get(activityId);
    if (!activity) throw new BadInput(`No activity ${activityId} was sent.`);
    return this.deliver(activity, 1);
  }

  /** Sends an invoke, once, and hands back what the bot answered. */
  async invoke(activity: Activity): Promise<InvokeAnswer> {
    const { status, text, error } = await this.deliver(activity, 1).reply;
    return { status, body: bodyOf(text), error };
  }

  get #waitMs(): number {
    return this.#options.redeliverAfterMs ?? 15_000;
  }

  async #request(activity: Activity) {
    const { botUrl, authorization } = this.#options;
    const headers: Record<string, string> = { 'Content-Type': 'application/json; charset=utf-8' };
    const serviceUrl = typeof activity.serviceUrl === 'string' ? activity.serviceUrl : this.serviceUrl;
    const header = await authorization?.(this.#stage.world.bot.appId, serviceUrl);
    if (header) headers.Authorization = header;
    return { url: `${botUrl}/api/messages`, headers, body: JSON.stringify(activity) };
  }

  #remember(activity: Activity): void {
    this.#sent.set(activity.id, activity);
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > kept && oldest) this.#sent.delete(oldest);
  }
}

function bodyOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
