import { ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import { wholeCloud } from './cloud.ts';

/** The Bot Framework settings, under the names they have everywhere; handed through to the SDK as they are. */
export type BotSettings = Record<string, string | undefined> & { MicrosoftAppId?: string };

/** Gives the bot's bearer token for calls to Teams; `undefined` in local mode, where there is no identity. */
export type GetToken = (fresh?: boolean) => Promise<string | undefined>;

/** The token source that the settings ask for (secret, certificate or managed identity), with its cache. */
export function tokenSource(settings: BotSettings): GetToken {
  const appId = settings.MicrosoftAppId;
  if (!appId) return async () => undefined;
  const {
    ToChannelFromBotLoginUrl: login,
    ToChannelFromBotOAuthScope: scope,
    ValidateAuthority,
  } = wholeCloud(settings);
  const unlisted = ValidateAuthority?.toLowerCase() === 'false' && settings.MicrosoftAppPassword;
  if (unlisted) return privateCloud(appId, unlisted, login, scope);
  const factory = new ConfigurationServiceClientCredentialFactory(settings);
  let credentials: Promise<TokenHolder> | undefined;
  return async (fresh = false) => {
    credentials ??= factory.createCredentials(appId, scope, login, true) as unknown as Promise<TokenHolder>;
    return (await credentials).getToken(fresh);
  };
}

/**
 * Tokens of a login service that Microsoft's directory does not list (`ValidateAuthority=false`). The SDK knows the setting and
 * does nothing with it: MSAL would ask login.microsoftonline.com about the address and then trust nobody.
 */
function privateCloud(appId: string, secret: string, login: string, scope: string): GetToken {
  const { origin, pathname } = new URL(login);
  const [tenant = ''] = pathname.split('/').filter(Boolean);
  const make = async () => {
    const { ClientSecretCredential } = await import('@azure/identity');
    return new ClientSecretCredential(tenant, appId, secret, { authorityHost: origin, disableInstanceDiscovery: true });
  };
  let credential: ReturnType<typeof make> | undefined;
  return async (fresh = false) => {
    // Its cache has no way around it but a new one.
    if (fresh) credential = undefined;
    credential ??= make();
    return (await (await credential).getToken(scope.endsWith('/.default') ? scope : `${scope}/.default`)).token;
  };
}

/** The SDK's credential classes all have this; its interface type does not say so. */
interface TokenHolder {
  getToken(forceRefresh?: boolean): Promise<string>;
}
