/**
 * Words that go on from “reply” where colleagues talk about one (“reply is late”, “reply needed from Tanaka”) and that hardly begin an answer. In small
 * letters only: a capital begins a sentence of its own.
 */
const GOES_ON = new RegExp(
  `^(?:${[
    'is|are|was|were|be|been|will|wont|would|can|cant|could|should|shouldnt|must|has|hasnt|have|had|isnt|wasnt|didnt|does|doesnt',
    'to|of|from|by|on|in|at|with|about|before|after|until|when|once|if|all|and|or|only|again',
    'needed|required|expected|pending|overdue|late|later|today|tomorrow|asap|time|times|rate|draft|drafts|template|templates',
  ].join('|')})(?![\\p{L}\\p{N}])`,
  'u',
);

/** The same behind 返信. What answers begin with is left out: のちほど, はい, 済みません, 案内, したがって. */
const GOES_ON_JA = new RegExp(
  `^(?:${[
    '待ち|済み(?!ません)|未返信|未送信|下書き|文案|文面|案(?!内)|漏れ|忘れ|なし',
    'ください|下さい|お願い|よろしく|して|する|した(?!がって)|します|しました|しません|しない|しなくて|しよう|すべき|せず',
    'の(?!ち)|が(?!ん)|を|は(?!い|じ|っ)|については|に関して',
  ].join('|')})`,
  'u',
);

/** Whether the words behind `reply` may go on from it as a sentence among colleagues, so that the rest alone would be no answer. */
export function isAboutReplying(text: string): boolean {
  const plain = text.normalize('NFKC').replace(/['’]/g, '').trim();
  return GOES_ON.test(plain) || GOES_ON_JA.test(plain);
}
