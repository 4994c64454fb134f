import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import { check, chosenFile, shapes } from './controlShapes.ts';
import type { Faults } from './faults.ts';
import type { Answer, Request } from './http.ts';
import { segmentsOf } from './http.ts';
import type { KarteSide } from './karte/index.ts';
import { lineRoutes } from './line/control.ts';
import type { Line } from './line/index.ts';
import type { Stage } from './stage.ts';
import { BadInput } from './stage.ts';
import type { BotStatus, InvokeAnswer, SimulatorState } from './state.ts';
import type { TeamsSide } from './teams/index.ts';

const shownDeliveries = 50;
const eventPauseMs = 30;

/** The HTTP API that the simulator's page is written against; `state.ts` lists the calls. */
export class Control {
  readonly #stage: Stage;
  readonly #teams: TeamsSide;
  readonly #karte: KarteSide;
  readonly #line: Line;
  readonly #faults: Faults;

  constructor(stage: Stage, sides: { teams: TeamsSide; karte: KarteSide; line: Line }, faults: Faults) {
    this.#stage = stage;
    this.#teams = sides.teams;
    this.#karte = sides.karte;
    this.#line = sides.line;
    this.#faults = faults;
  }

  /** The whole world, as the page draws it. */
  state(): SimulatorState {
    const { world, version, deliveries } = this.#stage;
    const shown = deliveries.slice(-shownDeliveries);
    return { ...world, version, faults: this.#faults.state, botStatus: this.#botStatus(), deliveries: shown };
  }

  /** Answers one call below `/api`; bad input gives 400 with a sentence. */
  async route(request: Request): Promise<Answer> {
    const [first = '', ...rest] = segmentsOf(request.path) ?? [];
    const handler =
      first === 'line' ? this.#lineHandler(request.method, rest) : this.#handler(request.method, first, rest);
    if (!handler) return { status: 404, body: { error: `There is no ${request.method} ${request.path}.` } };
    if (request.method === 'POST' && !request.headers['content-type']?.startsWith('application/json')) {
      return { status: 415, body: { error: 'The body must be JSON (Content-Type: application/json).' } };
    }
    try {
      const { status = 200, body } = await handler(parse(request));
      return { status, body };
    } catch (error) {
      if (error instanceof BadInput) return { status: 400, body: { error: error.message } };
      throw error;
    }
  }

  /** Keeps the response open and tells each version, at once and then at most one each 30 ms. */
  events(response: ServerResponse): void {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      Connection: 'keep-alive',
    });
    const tell = () => response.write(`event: change\ndata: ${JSON.stringify({ version: this.#stage.version })}\n\n`);
    let soon: NodeJS.Timeout | undefined;
    const stop = this.#stage.onChange(() => {
      soon ??= setTimeout(() => {
        soon = undefined;
        tell();
      }, eventPauseMs);
    });
    const { closed } = this.#stage;
    const end = () => {
      clearTimeout(soon);
      stop();
      closed.removeEventListener('abort', end);
      response.end();
    };
    response.on('close', end);
    closed.addEventListener('abort', end);
    tell();
  }

  readonly #routes: Record<string, Handler> = {
    'GET state': () => ({ body: this.state() }),
    'POST customers': (body) => ({ status: 201, body: this.#karte.addCustomer(check(shapes.newCustomer, body)) }),
    'POST customers/:id/messages': (body, id) => {
      const { text: said, picture, ...options } = check(shapes.customerWrites, body);
      if (said === '' && !picture) throw new BadInput('text: empty, and there is no picture.');
      const chosen = picture && chosenFile(picture);
      return { status: 201, body: this.#karte.customer(id).write(said, { ...options, picture: chosen }).message };
    },
    'POST customers/:id/identify': (body, id) => {
      const customer = this.#karte.customer(id);
      customer.identify(check(shapes.identify, body).user_id);
      return { body: customer.state };
    },
    'POST operators/:id/messages': (body, id) => {
      const { channelId, threadId, mentionBot, mentions = [], pictures, ...say } = check(shapes.personWrites, body);
      const all = mentionBot ? ['bot', ...mentions] : mentions;
      return {
        status: 201,
        body: this.#teams.say(id, {
          ...say,
          pictures: pictures?.map(chosenFile),
          channel: channelId,
          thread: threadId,
          mentions: all,
        }).post,
      };
    },
    'POST posts/:id/edit': (body, id) => {
      const { personId, text: changed, mentionBot, mentions } = check(shapes.edit, body);
      const named =
        mentionBot === undefined && !mentions ? undefined : [...(mentionBot ? ['bot'] : []), ...(mentions ?? [])];
      return { body: this.#teams.edit(personId, id, changed, named).post };
    },
    'POST posts/:id/delete': (body, id) => ({ body: this.#teams.delete(check(shapes.person, body).personId, id).post }),
    'POST posts/:id/undelete': (body, id) => ({
      body: this.#teams.undelete(check(shapes.person, body).personId, id).post,
    }),
    'POST posts/:id/redeliver': (_body, id) => {
      this.#teams.redeliver(id);
      return { status: 202, body: {} };
    },
    'POST posts/:id/reactions': (body, id) => {
      const { personId, type, remove } = check(shapes.reaction, body);
      return { body: this.#teams.react(personId, id, type, remove).post };
    },
    'POST clicks': (body) => {
      const { personId, postId, data } = check(shapes.card, body);
      return { status: 202, body: { activityId: this.#teams.click(personId, postId, data).activity.id } };
    },
    'POST tasks/fetch': (body) =>
      this.#task(body, ({ personId, postId, data }) => this.#teams.fetchTask(personId, postId, data)),
    'POST tasks/submit': (body) =>
      this.#task(body, ({ personId, postId, data }) => this.#teams.submitTask(personId, postId, data)),
    'POST tasks/execute': (body) =>
      this.#task(body, ({ personId, postId, data, verb = '' }) => this.#teams.execute(personId, postId, verb, data)),
    'POST karte/messages': (body) => {
      const { customerId, operatorId, text: said } = check(shapes.operatorWrites, body);
      return { status: 201, body: this.#karte.customer(customerId).answer(operatorId, said).message };
    },
    'POST karte/assign': (body) => {
      const { customerId, operatorId } = check(shapes.assign, body);
      const customer = this.#karte.customer(customerId);
      customer.assign(operatorId);
      return { body: customer.state };
    },
    'POST karte/status': (body) => {
      const { customerId, status } = check(shapes.status, body);
      const customer = this.#karte.customer(customerId);
      customer.setStatus(status);
      return { body: customer.state };
    },
    'POST faults': (body) => {
      const switches = shapes.switches.safeParse(body);
      if (!switches.success) this.#faults.next(check(shapes.fault, body));
      else {
        const { side: which, offline, slowMs } = switches.data;
        if (offline === undefined && slowMs === undefined) throw new BadInput('offline, slowMs or a fault is needed.');
        if (offline !== undefined) this.#faults.offline(which, offline);
        if (slowMs !== undefined) this.#faults.slow(which, slowMs);
      }
      return { body: this.#faults.state };
    },
    'DELETE faults': () => {
      this.#faults.clear();
      return { body: this.#faults.state };
    },
    'POST install': (body) => {
      const { installed, personId } = check(shapes.install, body);
      if (installed !== this.#stage.world.bot.installed) {
        if (installed) this.#teams.install(personId);
        else this.#teams.uninstall(personId);
      }
      return { body: this.#stage.world.bot };
    },
    'POST reset': () => {
      this.#faults.clear();
      this.#stage.reset();
      return { body: this.state() };
    },
  };

  #handler(method: string, first: string, rest: string[]): ((body: unknown) => Outcome | Promise<Outcome>) | undefined {
    const path = [first, ...rest.map((part, index) => (isId(first, index) ? ':id' : part))].join('/');
    const route = ownOf(this.#routes, `${method} ${path}`);
    return route && ((body) => route(body, rest[0] ?? ''));
  }

  #lineHandler(method: string, [kind = '', id = '', ...rest]: string[]) {
    const route = ownOf(lineRoutes, `${method} ${[kind, ...(id ? [':id'] : []), ...rest].join('/')}`);
    return route && ((body: unknown) => route(this.#line, id, body));
  }

  async #task(body: unknown, send: (action: z.infer<typeof shapes.card>) => Promise<InvokeAnswer>) {
    return { body: await send(check(shapes.card, body)) };
  }

  #botStatus(): BotStatus {
    const newest = this.#stage.deliveries.findLast(({ attempts }) =>
      attempts.some(({ status, error }) => status ?? error),
    );
    const attempt = newest?.attempts.findLast(({ status, error }) => status ?? error);
    if (!attempt) return { state: 'unknown' };
    const { status = 0, error, at } = attempt;
    return { state: status >= 200 && status < 300 ? 'answering' : 'failing', status: status || undefined, error, at };
  }
}

type Handler = (body: unknown, id: string) => Outcome | Promise<Outcome>;
interface Outcome {
  status?: number;
  body: unknown;
}

const ownOf = <T>(table: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
const isId = (first: string, index: number) => index === 0 && ['customers', 'operators', 'posts'].includes(first);

function parse({ method, raw }: Request): unknown {
  if (method !== 'POST') return undefined;
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new BadInput('The body is not JSON.');
  }
}
