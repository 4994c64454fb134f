import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { uuidOf } from '../../simulator/ids.ts';
import { type LoginService, startLoginService } from '../../simulator/loginService.ts';
import { type OpenIdProvider, startOpenId } from '../../simulator/openId.ts';
import { type RunningSimulator, startSimulator } from '../../simulator/simulator.ts';
import { build, type Child, SOURCES, startChild } from '../contract/child.ts';
import { conversation, YAMADA } from './stand.ts';

const APP_ID = '11111111-2222-4333-8444-555555555555';
const PASSWORD = 'test-bot-password';
const TENANT = uuidOf('tenant');

/**
 * As a company runs it: a process of its own, a single-tenant registration, everything by environment, and its tokens from
 * login.microsoftonline.com, to which a proxy in the house leads (here: to the local login service).
 */
describe.each(['the sources', 'the built program'])(
  'a registered bot in a process of its own, behind a proxy: %s',
  (program) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'madoguchi-registered-'));
    const asked: string[] = [];
    let provider: OpenIdProvider;
    let login: LoginService;
    let proxy: Server;
    let simulation: RunningSimulator;
    let child: Child;

    beforeAll(async () => {
      provider = await startOpenId();
      login = await startLoginService({
        tenantId: TENANT,
        appId: APP_ID,
        password: PASSWORD,
        hosts: ['login.microsoftonline.com'],
      });
      proxy = createHttpServer().on('connect', ({ url = '' }, socket) => {
        asked.push(url);
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        login.accept(socket);
      });
      proxy.listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      const port = await freePort();
      const { authorization } = provider;
      simulation = await startSimulator({
        botUrl: `http://127.0.0.1:${port}`,
        appId: APP_ID,
        authorization,
        requireToken: login.isGood,
      });
      const certificate = path.join(folder, 'login.pem');
      writeFileSync(certificate, login.certificate);
      const entry = program === 'the sources' ? SOURCES : build(path.join(folder, 'program'));
      const env = {
        NODE_ENV: 'production',
        PORT: String(port),
        PUBLIC_URL: 'https://desk.example.test',
        MicrosoftAppId: APP_ID,
        MicrosoftAppPassword: PASSWORD,
        MicrosoftAppType: 'SingleTenant',
        MicrosoftAppTenantId: TENANT,
        ToBotFromChannelOpenIdMetadataUrl: provider.metadataUrl,
        SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
        KARTE_API_URL: simulation.simulator.karteUrl,
        NODE_EXTRA_CA_CERTS: certificate,
        NODE_USE_ENV_PROXY: '1',
        HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
        NO_PROXY: '127.0.0.1',
      };
      child = startChild(env, [], entry);
      await child.listening;
    });
    afterAll(async () => {
      const code = await child.stop();
      await simulation.close();
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
      await login.close();
      await provider.close();
      rmSync(folder, { recursive: true });
      expect({ code, errors: child.errors }).toEqual({ code: 0, errors: '' });
    });

    test('is installed and set up, and talks both ways with tokens of Microsoft’s login service', async () => {
      const { simulator } = simulation;
      await Promise.all(simulator.teams.install().map(({ settled }) => settled));
      const { team, project } = simulator.state();
      const { thread: root } = simulator.teams.say(YAMADA, { channel: team.id, text: 'setup', mentions: ['bot'] });
      const offer = await simulator.waitFor(() =>
        simulator.teams
          .threads()
          .find(({ id }) => id === root.id)
          ?.posts.find((post) => post.fromBot),
      );
      const { apiKey, accessToken, botId, clientSecret } = project;
      await simulator.teams.submitTask(YAMADA, offer.id, {
        madoguchi: 'setup',
        apiKey,
        accessToken,
        botId,
        clientSecret,
      });

      const { customer, thread } = await conversation(simulator, 'member-1', '在庫はありますか');
      simulator.teams.say(YAMADA, { thread: thread.id, text: 'ございます。', mentions: ['bot'] });
      await simulator.waitFor(() => customer.received[0]);
      expect(customer.received.map(({ text }) => text)).toEqual(['ございます。']);

      expect(asked).toContain('login.microsoftonline.com:443');
      expect(new Set(asked)).toEqual(new Set(['login.microsoftonline.com:443']));
      expect(login.requests).toHaveLength(1);
      expect(simulator.teams.calls.filter(({ status }) => status === 401)).toEqual([]);
    });

    test('listens to nobody without a token, serves no simulator, and tells no secret', async () => {
      const url = await child.listening;
      const body = JSON.stringify({ type: 'message', channelId: 'msteams', text: 'help' });
      expect((await fetch(`${url}/api/messages`, { method: 'POST', body })).status).toBe(401);
      expect((await fetch(`${url}/simulator/`)).status).toBe(404);
      expect(`${child.output}${child.errors}`).not.toMatch(/test-bot-password|test-karte|test-access-token/);
    });
  },
);

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
