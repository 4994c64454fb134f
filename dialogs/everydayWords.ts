import { fold } from './words.ts';

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter(Boolean).map(fold));

/** English words that hold sentences together; no command takes one, so they tell a sentence from arguments. */
export const functionWords: ReadonlySet<string> = set(`
  a an the is are am was were be been being isnt arent will wont would can cant could may might must shall should has have
  had do does did dont not no to of in on at by for from with without about as into over under up out off and or but nor if
  when while once after before until since because your yours you youre our ours we us i im my me it its this that these those
  there here they their them he she his her please thank thanks sorry now soon shortly today tomorrow so than then all any
  each every both more most very also only just still yet again what which who whom whose how why where
`);

/**
 * Ordinary words that happen to lie one or two slips from a command word. They are let through unless what follows
 * can only be a command's argument. `hell` is left out on purpose: it is a likely slip of `help`, and no answer to a customer.
 */
export const everydayWords: ReadonlySet<string> = set(`
  held heap helps even evens vent admit operation operate operated operates opera not notes noted none node
  nose nope vote nate stats statue statues state states static stays starts stars closed closes closer lose
  chose clone opens pen oven moved moves more mode love movie mover historic assigned assigns assist design
  align sign resign line links pink ink sink unlike unlock uplink lists last lost lit mist and ad ads dad aid
  odd adds correct collect contact content connected connects cause paused pauses
  parse result resumed resumes refuse assume reduce rescue reuse rename disconnected like life lime
  fine mine nine ヘルス オーブン クローク
`);

/** Whether a word, alone or at the head of a sentence, is too ordinary to be taken for a slip. */
export function isEveryday(core: string): boolean {
  return everydayWords.has(core) || functionWords.has(core);
}
