import { ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import type { OpenIdProvider, TokenClaims } from '../../simulator/openId.ts';
import { startOpenId } from '../../simulator/openId.ts';
import { stand } from './stand.ts';

const appId = '11111111-2222-4333-8444-555555555555';
const serviceurl = 'http://127.0.0.1:1/simulator/teams/';
const claims: TokenClaims = { aud: appId, serviceurl };

let provider: OpenIdProvider;
beforeEach(async () => {
  provider = await startOpenId();
  jest.spyOn(console, 'error').mockImplementation(() => undefined); // the SDK prints refused tokens
});
afterEach(async () => {
  jest.restoreAllMocks();
  await provider.close();
});

/** Does the Bot Framework SDK let the header pass for an activity of this serviceUrl? */
async function passes(header: string, serviceUrl = serviceurl): Promise<boolean> {
  const authentication = new ConfigurationBotFrameworkAuthentication({
    MicrosoftAppId: appId,
    MicrosoftAppPassword: 'test-password',
    MicrosoftAppType: 'MultiTenant',
    ToBotFromChannelOpenIdMetadataUrl: provider.metadataUrl,
    ToBotFromChannelTokenIssuer: provider.issuer,
    ToChannelFromBotLoginUrl: 'https://login.invalid',
    ToChannelFromBotOAuthScope: 'https://api.invalid',
    ToBotFromEmulatorOpenIdMetadataUrl: provider.metadataUrl,
    OAuthUrl: 'https://oauth.invalid',
    ValidateAuthority: 'false',
  });
  const activity = { type: 'message', channelId: 'msteams', serviceUrl, id: '1' };
  const result = authentication.authenticateRequest(activity as never, header);
  return result.then(
    () => true,
    () => false,
  );
}

test('the SDK takes an honest token and no other', async () => {
  const past = Math.floor(Date.now() / 1000) - 3_600;
  const bearer = async (token: Promise<string>) => `Bearer ${await token}`;
  expect(await passes(await bearer(provider.issue(claims)))).toBe(true);
  expect(await passes(await provider.authorization(appId, serviceurl))).toBe(true);
  expect(await passes(await bearer(provider.forge(claims)))).toBe(false);
  expect(await passes(await bearer(provider.issue({ ...claims, exp: past })))).toBe(false);
  expect(await passes(await bearer(provider.issue({ ...claims, aud: 'another-app' })))).toBe(false);
  expect(await passes(await bearer(provider.issue({ ...claims, iss: 'https://elsewhere.test' })))).toBe(false);
  expect(await passes(await bearer(provider.issue(claims)), 'https://elsewhere.test/')).toBe(false);
});

test('activities of the simulator carry a token when they are asked to', async () => {
  const site = await stand({ appId, authorization: provider.authorization });
  try {
    await site.simulator.teams.say('佐藤 健', { channel: '一般', text: 'x', mentions: ['bot'] }).answered;
    const header = site.heard[0]?.headers.authorization ?? '';
    expect(await passes(header, site.simulator.serviceUrl)).toBe(true);
    expect(await passes(header, serviceurl)).toBe(false);
  } finally {
    await site.close();
  }
});
