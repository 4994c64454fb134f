/** Languages in which the build speaks. */
export type Locale = 'ja' | 'en';

/** What a setting has to look like. */
export type Expectation = 'uuid' | 'publicUrl' | 'httpsUrl' | 'appName' | 'developerName' | 'locale';

interface Sentences {
  missing(setting: string, expected: Expectation): string;
  wrong(setting: string, expected: Expectation): string;
  tooManyLists(count: number): string;
  tooManyCommands(list: number, count: number): string;
  untranslated(file: string, key: string): string;
}

const ja: Record<Expectation, string> = {
  uuid: 'アプリケーション (クライアント) ID を、00000000-1111-2222-3333-444444444444 の形で指定してください。',
  publicUrl: 'インターネットから届く https:// のアドレスを指定してください。',
  httpsUrl: 'https:// で始まるアドレスを指定してください。',
  appName: '30 文字以内で、改行を入れずに指定してください。',
  developerName: '32 文字以内で、改行を入れずに指定してください。',
  locale: 'ja か en を指定してください。',
};

const en: Record<Expectation, string> = {
  uuid: 'Give an application (client) ID of the form 00000000-1111-2222-3333-444444444444.',
  publicUrl: 'Give an https:// address that can be reached from the internet.',
  httpsUrl: 'Give an address that begins with https://.',
  appName: 'Give at most 30 characters without a line break.',
  developerName: 'Give at most 32 characters without a line break.',
  locale: 'Give ja or en.',
};

/** Everything that `npm run package` says when it cannot build, in both languages. */
export const sentences: Record<Locale, Sentences> = {
  ja: {
    missing: (setting, expected) => `${setting} が設定されていません。${ja[expected]}`,
    wrong: (setting, expected) => `${setting} の値が正しくありません。${ja[expected]}`,
    tooManyLists: (count) => `manifest.json のコマンドリストは 3 つまでです (現在 ${count})。`,
    tooManyCommands: (list, count) =>
      `manifest.json の ${list} 番目のコマンドリストに入れられるのは 12 個までです (現在 ${count})。`,
    untranslated: (file, key) => `${file} に ${key} がありません。`,
  },
  en: {
    missing: (setting, expected) => `${setting} is not set. ${en[expected]}`,
    wrong: (setting, expected) => `${setting} is not valid. ${en[expected]}`,
    tooManyLists: (count) => `manifest.json may hold 3 command lists at most (now ${count}).`,
    tooManyCommands: (list, count) =>
      `Command list ${list} of manifest.json may hold 12 commands at most (now ${count}).`,
    untranslated: (file, key) => `${file} lacks ${key}.`,
  },
};
