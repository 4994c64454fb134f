import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../simulator/simulator.ts';
import { Door } from './door.ts';

/** A call as it came in, with the process that made it. `at` is Unix ms. */
export interface MadeCall {
  instance: string;
  method: string;
  path: string;
  at: number;
}

/** Teams and KARTE around the product: the simulator with a server of its own, and the door through which it reaches the product. */
export class Outside {
  readonly simulator: Simulator;
  readonly door: Door;
  /** Every call of the product, oldest first. */
  readonly calls: MadeCall[] = [];
  readonly #caller: AsyncLocalStorage<string>;
  readonly #close: () => Promise<void>;

  private constructor(simulator: Simulator, door: Door, caller: AsyncLocalStorage<string>, close: () => Promise<void>) {
    this.simulator = simulator;
    this.door = door;
    this.#caller = caller;
    this.#close = close;
  }

  /** `patience`: how long the door tries to find a process for a request (ms); without it the sender has to come again. */
  static async open({
    patience,
    ...options
  }: { patience?: number } & Partial<SimulatorOptions> = {}): Promise<Outside> {
    const door = await Door.open(patience);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const simulator = createSimulator({
      botUrl: door.url,
      baseUrl,
      enforceLimits: false,
      hookRetryMs: 200,
      hookTries: 500,
      redeliverAfterMs: 15_000,
      activityRetryMs: 400,
      activityTries: 500,
      ...options,
    });
    const caller = new AsyncLocalStorage<string>();
    const outside = new Outside(simulator, door, caller, async () => {
      await simulator.close();
      await door.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    server.on('request', (request, response) => {
      const instance = String(request.headers['x-proof-instance'] ?? '');
      const { method = '', url = '' } = request;
      outside.calls.push({ instance, method, path: decodeURIComponent(url), at: Date.now() });
      caller.run(instance, () => {
        const handled = simulator.handle(request, response);
        if (handled === false) response.destroy();
        else handled.catch((error: Error) => response.destroy(error));
      });
    });
    return outside;
  }

  /** Settings that lead a product process here. */
  get env(): Record<string, string> {
    return {
      KARTE_API_URL: this.simulator.karteUrl,
      LINE_API_URL: this.simulator.lineUrl,
      LINE_DATA_API_URL: this.simulator.lineDataUrl,
      PUBLIC_URL: 'https://desk.example.test',
      SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
      LOG_LEVEL: process.env.PROOF_LOG ?? 'warn',
    };
  }

  /** The process whose call is being carried out right now, if it is one: what changes in this moment is its doing. */
  get caller(): string | undefined {
    return this.#caller.getStore();
  }

  /** Installs the app and connects the team to the KARTE project through the form, as a person does. */
  async setUp(who = '山田 花子'): Promise<void> {
    const { simulator } = this;
    await Promise.all(simulator.teams.install().map(({ settled }) => settled));
    const { team, project } = simulator.state();
    const said = simulator.teams.say(who, { channel: team.id, text: 'setup', mentions: ['bot'] });
    const offer = await simulator.waitFor(() => said.thread.posts.find(({ fromBot }) => fromBot), 10_000);
    const { apiKey, accessToken, botId, clientSecret } = project;
    const form = { madoguchi: 'setup', apiKey, accessToken, botId, clientSecret };
    const answer = await simulator.teams.submitTask(who, offer.id, form);
    if (answer.status !== 200) throw new Error(`the team could not be connected: ${JSON.stringify(answer)}`);
  }

  /** Connects the team to the LINE Official Account as well, and turns its webhooks on. */
  async setUpLine(who = '山田 花子'): Promise<void> {
    const { simulator } = this;
    const account = simulator.line.account().state;
    const { channelId, channelSecret, basicId } = account;
    const said = simulator.teams.say(who, {
      channel: simulator.state().team.id,
      text: 'connect line',
      mentions: ['bot'],
    });
    const offer = await simulator.waitFor(() => said.thread.posts.find(({ fromBot }) => fromBot), 10_000);
    const form = { madoguchi: 'connect', channel: 'line', channelId, channelSecret, basicId };
    const answer = await simulator.teams.submitTask(who, offer.id, form);
    if (!account.webhook.url) throw new Error(`LINE could not be connected: ${JSON.stringify(answer)}`);
    Object.assign(account.webhook, { active: true, redelivery: true });
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** Whether a call may show something to somebody: a post, a new thread, a message to the customer. */
export function isSend({ method, path }: MadeCall): boolean {
  return method === 'POST' && /(\/activities|\/v3\/conversations|\/talk\/message\/sendFromOperator)$/.test(path);
}
