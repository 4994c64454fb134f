import { type Expectation, type Locale, sentences } from './sentences.ts';

/** What makes one company's package different from another's. */
export interface PackageSettings {
  /** The app's id in Teams. */
  appId: string;
  /** The id of the bot registration, `MicrosoftAppId` of the running bot. */
  botId: string;
  /** What operators write after `@`. */
  name: string;
  /** Host of the bot's public address, without scheme and port, as Teams wants it in `validDomains`. */
  host: string;
  developer: { name: string; websiteUrl: string; privacyUrl: string; termsOfUseUrl: string };
}

/** Either everything is right, or there is one line for each setting that is not. */
export type PackageReading = { ok: true; settings: PackageSettings } | { ok: false; lines: string[] };

type Env = Readonly<Record<string, string | undefined>>;

const NAME_LIMIT = 30;
const DEVELOPER_LIMIT = 32;
const URL_LIMIT = 2048;
const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/**
 * Reads the settings of the package from environment variables and checks them against the limits that Teams has. Values never
 * stand in the lines, which are in the language that `LOCALE` names.
 */
export function readPackageSettings(env: Env): PackageReading {
  const locale = localeOf(env);
  const lines: string[] = [];
  const read = (name: string, expected: Expectation, accepts: (value: string) => boolean, fallback?: string) => {
    const value = env[name]?.trim() ?? '';
    if (value === '' && fallback !== undefined) return fallback;
    if (value === '') lines.push(sentences[locale].missing(name, expected));
    else if (!accepts(value)) lines.push(sentences[locale].wrong(name, expected));
    return value;
  };
  read('LOCALE', 'locale', (value) => Object.hasOwn(sentences, value), locale);
  const botId = read('MicrosoftAppId', 'uuid', isUuid);
  const appId = read('APP_ID', 'uuid', isUuid, botId);
  const publicUrl = read('PUBLIC_URL', 'publicUrl', isPublicUrl);
  const name = read('APP_NAME', 'appName', (value) => isOneLine(value, NAME_LIMIT), 'KARTE');
  const developer = read('APP_DEVELOPER_NAME', 'developerName', (v) => isOneLine(v, DEVELOPER_LIMIT), 'Madoguchi');
  const { hostname: host, origin } = urlOf(publicUrl) ?? { hostname: '', origin: '' };
  const websiteUrl = read('APP_WEBSITE_URL', 'httpsUrl', isHttps, origin);
  const privacyUrl = read('APP_PRIVACY_URL', 'httpsUrl', isHttps, websiteUrl);
  const termsOfUseUrl = read('APP_TERMS_URL', 'httpsUrl', isHttps, websiteUrl);
  if (lines.length > 0) return { ok: false, lines };
  const settings = { appId, botId, name, host, developer: { name: developer, websiteUrl, privacyUrl, termsOfUseUrl } };
  return { ok: true, settings };
}

/** The language of the build's own lines: what `LOCALE` says, Japanese when it says nothing known. */
export function localeOf(env: Env): Locale {
  return env.LOCALE?.trim() === 'en' ? 'en' : 'ja';
}

const isUuid = (value: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) && value !== NIL_UUID;

/** Teams' limits are compared with UTF-16 units, the strictest way to count. */
const isOneLine = (value: string, limit: number) => value.length <= limit && !/\p{Cc}/u.test(value);

const urlOf = (value: string) => URL.parse(value);

const isHttps = (value: string) => value.length <= URL_LIMIT && urlOf(value)?.protocol === 'https:';

/** A name that the internet can resolve: Teams' service calls it, so neither an address in the house nor a bare IP will do. */
function isPublicUrl(value: string): boolean {
  const host = isHttps(value) ? (urlOf(value)?.hostname ?? '') : '';
  return /\.[a-z][a-z0-9-]+$/.test(host) && !/\.(local|localhost|internal)$/.test(host);
}
