import type { BotSettings } from './token.ts';

/** `ChannelService` of the US government cloud; the public cloud has none. */
export const GOVERNMENT = 'https://botframework.azure.us';

/** Source: Bot Framework's AuthenticationConstants and GovernmentConstants. */
const PUBLIC_CLOUD = {
  ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
  ToChannelFromBotOAuthScope: 'https://api.botframework.com',
  ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
  OAuthUrl: 'https://api.botframework.com',
  ToBotFromChannelOpenIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  ToBotFromEmulatorOpenIdMetadataUrl: 'https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration',
};

const GOVERNMENT_CLOUD: typeof PUBLIC_CLOUD = {
  ToChannelFromBotLoginUrl: 'https://login.microsoftonline.us/MicrosoftServices.onmicrosoft.us',
  ToChannelFromBotOAuthScope: 'https://api.botframework.us',
  ToBotFromChannelTokenIssuer: 'https://api.botframework.us',
  OAuthUrl: 'https://api.botframework.azure.us',
  ToBotFromChannelOpenIdMetadataUrl: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
  ToBotFromEmulatorOpenIdMetadataUrl:
    'https://login.microsoftonline.us/cab8a31a-1906-4287-a0d8-4eef66b95f6e/v2.0/.well-known/openid-configuration',
};

/** Where Teams keeps what people paste into a message: the bot's token is shown to these and to nobody else (reference: Teams' service addresses). */
const PUBLIC_HOSTS = ['smba.trafficmanager.net', '*.botframework.com', 'smba.infra.gcc.teams.microsoft.com'];
const GOVERNMENT_HOSTS = [
  'smba.infra.gov.teams.microsoft.us',
  'smba.infra.dod.teams.microsoft.us',
  '*.botframework.azure.us',
];

/** The hosts of pasted pictures in the settings' cloud. */
export function pictureHosts({ ChannelService }: BotSettings): readonly string[] {
  return ChannelService === GOVERNMENT ? GOVERNMENT_HOSTS : PUBLIC_HOSTS;
}

/**
 * The settings with every address of their cloud filled in. The SDK takes one address that is given as a sign that all are,
 * and then refuses every activity for want of the others.
 */
export function wholeCloud<T extends BotSettings>(settings: T): T & typeof PUBLIC_CLOUD {
  const cloud = settings.ChannelService === GOVERNMENT ? GOVERNMENT_CLOUD : PUBLIC_CLOUD;
  return { ...cloud, ...settings };
}
