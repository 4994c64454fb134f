import { fold } from './words.ts';

/** Every command there is. */
export type CommandName =
  | 'help'
  | 'setup'
  | 'operatorLink'
  | 'operatorUnlink'
  | 'operatorAssign'
  | 'operatorUnassign'
  | 'event'
  | 'adminAdd'
  | 'adminList'
  | 'reply'
  | 'note'
  | 'close'
  | 'open'
  | 'waiting'
  | 'status'
  | 'history'
  | 'move'
  | 'operatorOn'
  | 'operatorOff'
  | 'cannedAdd'
  | 'cannedList'
  | 'cannedRemove'
  | 'settings'
  | 'doctor'
  | 'connect'
  | 'connections'
  | 'pause'
  | 'resume'
  | 'disconnect';

/** First words that mean nothing without a second one. */
export type HalfWord = 'operator' | 'admin' | 'canned';

/** What may stand after the words of a command. */
export type Takes = 'nothing' | 'credentials' | 'operatorId' | 'mention' | 'event' | 'text' | 'count';

/** One way to spell a command; `words` are folded. */
export type Phrase = {
  name: CommandName | HalfWord;
  /** The spelling we teach. */
  text: string;
  takes: Takes;
  /** The channel that its words name. */
  channel?: string;
  words: string[];
  /** The words run together, and whether all of them are Latin: asked for each message and each phrase. */
  joined: string;
  latin: boolean;
};

type Entry = Pick<Phrase, 'name' | 'text' | 'takes' | 'channel'> & { spellings: string[][] };

const operator = ['operator', 'オペレーター', 'オペレータ', '担当者', '担当'];
const admin = ['admin', '管理者'];
const canned = ['canned', '定型文'];

/** What channels are called. */
const channels: readonly (readonly [channel: string, called: string[]])[] = [
  ['karte', ['karte', 'カルテ']],
  ['line', ['line', 'ライン', 'line公式アカウント']],
];

const ofChannels = [
  ['connect', ['連携', '接続']],
  ['disconnect', ['連携解除', '接続解除']],
  ['pause', ['一時停止']],
  ['resume', ['再開']],
] as const;

/** Commands about connections that name a channel: `connect line`. In Japanese it may stand first: `LINE 連携`. */
const withChannels: Entry[] = ofChannels.flatMap(([name, japanese]) =>
  channels.flatMap(([channel, called]): Entry[] => {
    const entry = { name, channel, text: `${name} ${channel}`, takes: 'nothing' } as const;
    return [
      { ...entry, spellings: [[name, ...japanese], called] },
      { ...entry, spellings: [called, [...japanese]] },
    ];
  }),
);

/**
 * Every command with everything it is called, one list of spellings for each of its words. English words are written apart;
 * Japanese ones may be written together (`担当者解除`), and the two may be mixed (`オペレーター assign`).
 */
const table: Entry[] = [
  { name: 'help', text: 'help', takes: 'nothing', spellings: [['help', 'ヘルプ', 'コマンド一覧']] },
  { name: 'setup', text: 'setup', takes: 'credentials', spellings: [['setup', 'セットアップ', '初期設定', '設定']] },
  {
    name: 'operatorLink',
    text: 'operator link',
    takes: 'operatorId',
    spellings: [operator, ['link', 'リンク', '連携', '紐付け', '紐づけ', 'ひも付け']],
  },
  {
    name: 'operatorUnlink',
    text: 'operator unlink',
    takes: 'nothing',
    spellings: [operator, ['unlink', 'アンリンク', 'リンク解除', '連携解除', '紐付け解除', '紐づけ解除']],
  },
  {
    name: 'operatorAssign',
    text: 'operator assign',
    takes: 'mention',
    spellings: [operator, ['assign', 'アサイン', '設定', '割り当て', '割当', '自分']],
  },
  {
    name: 'operatorUnassign',
    text: 'operator unassign',
    takes: 'nothing',
    spellings: [operator, ['unassign', 'アンアサイン', 'アサイン解除', '解除', '割り当て解除', '割当解除']],
  },
  { name: 'event', text: 'event', takes: 'event', spellings: [['event', 'イベント', 'イベント送信']] },
  { name: 'adminAdd', text: 'admin add', takes: 'mention', spellings: [admin, ['add', '追加']] },
  { name: 'adminList', text: 'admin list', takes: 'nothing', spellings: [admin, ['list', '一覧', 'リスト']] },
  { name: 'reply', text: 'reply', takes: 'text', spellings: [['reply', '返信']] },
  { name: 'note', text: 'note', takes: 'text', spellings: [['note', 'ノート', 'メモ']] },
  { name: 'status', text: 'status', takes: 'nothing', spellings: [['status', 'ステータス', '対応状況']] },
  { name: 'close', text: 'close', takes: 'nothing', spellings: [['close', 'クローズ', '対応済み', '対応済みにする']] },
  {
    name: 'open',
    text: 'open',
    takes: 'nothing',
    spellings: [['open', 'オープン', '対応中', '対応中に戻す', '対応中にする']],
  },
  { name: 'waiting', text: 'waiting', takes: 'nothing', spellings: [['waiting', '返信待ち', '返信待ちにする']] },
  { name: 'history', text: 'history', takes: 'count', spellings: [['history', '履歴']] },
  { name: 'move', text: 'move', takes: 'nothing', spellings: [['move', '移動']] },
  { name: 'operatorOn', text: 'operator on', takes: 'nothing', spellings: [operator, ['on', 'オン', '受付開始']] },
  { name: 'operatorOff', text: 'operator off', takes: 'nothing', spellings: [operator, ['off', 'オフ', '受付停止']] },
  { name: 'cannedAdd', text: 'canned add', takes: 'text', spellings: [canned, ['add', '追加', '登録']] },
  { name: 'cannedList', text: 'canned list', takes: 'count', spellings: [canned, ['list', '一覧', 'リスト']] },
  { name: 'cannedRemove', text: 'canned remove', takes: 'text', spellings: [canned, ['remove', '削除']] },
  { name: 'settings', text: 'settings', takes: 'nothing', spellings: [['settings', '窓口設定', '設定変更']] },
  { name: 'doctor', text: 'doctor', takes: 'nothing', spellings: [['doctor', '診断']] },
  { name: 'connect', text: 'connect', takes: 'nothing', spellings: [['connect', '連携', '接続']] },
  {
    name: 'connections',
    text: 'connections',
    takes: 'nothing',
    spellings: [['connections', '接続一覧', '連携一覧', '外部チャネル連携']],
  },
  { name: 'disconnect', text: 'disconnect', takes: 'nothing', spellings: [['disconnect', '接続解除']] },
  { name: 'pause', text: 'pause', takes: 'nothing', spellings: [['pause', '一時停止']] },
  { name: 'resume', text: 'resume', takes: 'nothing', spellings: [['resume', '再開']] },
  ...withChannels,
  { name: 'operator', text: 'operator', takes: 'nothing', spellings: [operator] },
  { name: 'admin', text: 'admin', takes: 'nothing', spellings: [admin] },
  { name: 'canned', text: 'canned', takes: 'nothing', spellings: [canned] },
];

/** Second words that people type alone; never run, only asked about. */
const halves: Entry[] = [
  { name: 'operatorAssign', text: 'operator assign', takes: 'mention', spellings: [['assign', 'アサイン']] },
  { name: 'operatorAssign', text: 'operator assign', takes: 'mention', spellings: [['担当', '担当者', 'operator']] },
  { name: 'operatorUnassign', text: 'operator unassign', takes: 'nothing', spellings: [['unassign', 'アサイン解除']] },
  { name: 'operatorLink', text: 'operator link', takes: 'operatorId', spellings: [['link', 'リンク', '連携']] },
  {
    name: 'operatorUnlink',
    text: 'operator unlink',
    takes: 'nothing',
    spellings: [['unlink', 'リンク解除', '連携解除']],
  },
  { name: 'disconnect', text: 'disconnect', takes: 'nothing', spellings: [['連携解除']] },
  { name: 'adminAdd', text: 'admin add', takes: 'mention', spellings: [['add', '追加', 'admin', '管理者']] },
];

/** Aliases typed while the Japanese input method was off. */
const romaji: Entry[] = [
  { name: 'help', text: 'help', takes: 'nothing', spellings: [['herupu']] },
  { name: 'setup', text: 'setup', takes: 'credentials', spellings: [['settoappu', 'settei']] },
  { name: 'event', text: 'event', takes: 'event', spellings: [['ibento']] },
];

/** What people say to a colleague who would do it for them, and words for a command that we do not teach. */
const asked: Entry[] = [
  {
    name: 'close',
    text: 'close',
    takes: 'nothing',
    spellings: [['クローズする', 'クローズします', '対応済みにします']],
  },
  { name: 'open', text: 'open', takes: 'nothing', spellings: [['対応中に戻します', '対応中にします']] },
  { name: 'waiting', text: 'waiting', takes: 'nothing', spellings: [['返信待ちにします']] },
  { name: 'status', text: 'status', takes: 'nothing', spellings: [['ステータス変更', 'ステータス確認']] },
  { name: 'doctor', text: 'doctor', takes: 'nothing', spellings: [['診断する', '診断して', '診断します']] },
  { name: 'reply', text: 'reply', takes: 'text', spellings: [['リプライ']] },
  {
    name: 'operatorUnassign',
    text: 'operator unassign',
    takes: 'nothing',
    spellings: [
      ['担当を', '担当者を'],
      ['外す', '外して', '外します'],
    ],
  },
];

const operatorInKana = ['たんとうしゃ', 'たんとう', ...operator];
const adminInKana = ['かんりしゃ', ...admin];

/** Japanese aliases sent off before the input method had made kanji of them. */
const unconverted: Entry[] = [
  { name: 'setup', text: 'setup', takes: 'credentials', spellings: [['しょきせってい']] },
  {
    name: 'operatorLink',
    text: 'operator link',
    takes: 'operatorId',
    spellings: [operatorInKana, ['れんけい', 'ひもづけ', '連携', '紐付け']],
  },
  {
    name: 'operatorAssign',
    text: 'operator assign',
    takes: 'mention',
    spellings: [operatorInKana, ['わりあて', '割り当て']],
  },
  {
    name: 'operatorUnassign',
    text: 'operator unassign',
    takes: 'nothing',
    spellings: [operatorInKana, ['かいじょ', '解除']],
  },
  { name: 'adminAdd', text: 'admin add', takes: 'mention', spellings: [adminInKana, ['ついか', '追加']] },
  { name: 'adminList', text: 'admin list', takes: 'nothing', spellings: [adminInKana, ['いちらん', '一覧']] },
];

const combine = (lists: string[][]): string[][] =>
  lists.reduce<string[][]>((heads, list) => heads.flatMap((head) => list.map((word) => [...head, word])), [[]]);

const spelt = (words: string[]): Pick<Phrase, 'words' | 'joined' | 'latin'> => ({
  words,
  joined: words.join(''),
  latin: words.every((word) => /^[a-z]+$/.test(word)),
});

const phrasesOf = (entries: Entry[]): Phrase[] =>
  entries.flatMap(({ spellings, ...entry }) =>
    combine(spellings).map((words) => ({ ...entry, ...spelt(words.map(fold)) })),
  );

/** Every spelling that runs, commands of more words first, so that the longest one that stands there is taken. */
export const phrases: readonly Phrase[] = phrasesOf(table).sort((a, b) => b.words.length - a.words.length);

/** Spellings that show what was meant and yet never run by themselves. */
export const halfPhrases: readonly Phrase[] = phrasesOf(halves);

/** Whole commands in the wrong order (`assign operator`), in Latin letters (`herupu`), in kana, or as one says it to a colleague; asked about, never run. */
export const slippedPhrases: readonly Phrase[] = [
  ...phrasesOf(romaji),
  ...phrasesOf(unconverted),
  ...phrasesOf(asked),
  ...phrases
    .filter(({ words }) => words.length === 2)
    .map((phrase) => ({ ...phrase, ...spelt(phrase.words.toReversed()) })),
];

/** What to offer after a first word that stands alone, the likeliest first. */
export const continuations: Readonly<Record<HalfWord, readonly string[]>> = {
  operator: ['operator assign', 'operator link', 'operator unassign'],
  admin: ['admin list', 'admin add'],
  canned: ['canned list', 'canned add', 'canned remove'],
};

/** Whether a phrase is such a first word. */
export function isHalfWord(name: Phrase['name']): name is HalfWord {
  return Object.hasOwn(continuations, name);
}
