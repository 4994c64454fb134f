import { h, type Piece, setAttribute } from './dom.ts';
import { type Enclosed, enclosures } from './enclosures.ts';
import { icon } from './icons.ts';
import { t } from './language.ts';
import { type Mentionable, mentionPicker } from './mentionPicker.ts';

/** What a person is about to send. */
export interface Draft extends Enclosed {
  text: string;
  mentionBot: boolean;
  /** Ids of the mentioned people; their names stand in the text as `@Name`. */
  mentions: string[];
}

interface Options {
  /** `data-testid` is `<name>-composer` for the field and `<name>-send` for the button. */
  name: string;
  label: () => string;
  placeholder: () => string;
  /** Resolves with false when it was refused: the text comes back into the field. */
  send: (draft: Draft) => Promise<boolean>;
  /** In Teams: who can be mentioned, and whether the bot's chip is set at first. */
  /** What can stand beside the words: so many pictures, and other files too or not. */
  enclose?: { most: number; files: boolean };
  mentions?: { bot: () => Mentionable; people: () => Mentionable[]; botAtFirst: boolean };
}

/** A field to write in: Enter sends, Shift+Enter breaks the line, Enter of an input method only confirms its word. */
export function composer({ name, label, placeholder, send, enclose, mentions }: Options): Piece<void> {
  const field = h('textarea', { rows: 1, 'data-testid': `${name}-composer`, autocomplete: 'off' });
  const button = h('button', { type: 'submit', class: 'send', 'data-testid': `${name}-send` }, icon('send'));
  const chip = h('button', { type: 'button', class: 'bot-chip', 'data-testid': `${name}-bot` });
  const at = h('button', { type: 'button', class: 'plain at' }, icon('at'));
  const element = h('form', { class: 'composer', onsubmit: submit }, field, button);
  const enclosed = enclose && enclosures({ name, field, ...enclose, changed: grow });
  if (enclosed) {
    element.prepend(enclosed.row);
    for (const one of enclosed.buttons) element.insertBefore(one, button);
  }
  let withBot = mentions?.botAtFirst ?? false;
  let queue = Promise.resolve();

  const picker = mentions && mentionPicker({ field, label: () => t('mentionList'), candidates, choose });
  if (mentions && picker) {
    element.insertBefore(chip, field);
    element.insertBefore(at, button);
    element.append(picker.list);
    chip.addEventListener('click', () => setBot(!withBot));
    at.addEventListener('click', () => {
      const before = field.value.slice(0, field.selectionStart);
      insert(before === '' || /\s$/.test(before) ? '@' : ' @');
      picker.look();
    });
  }

  field.addEventListener('input', () => {
    const bot = mentions?.bot().name;
    // Typed by hand at the start, the bot's name becomes the chip, as a mention does in Teams.
    const typed = bot && /^[@＠](\S+)\s/.exec(field.value);
    if (typed && typed[1]?.toLowerCase() === bot.toLowerCase()) {
      field.value = field.value.slice(typed[0].length);
      setBot(true);
      picker?.look();
    }
    grow();
  });
  field.addEventListener('keydown', (event) => {
    // keyCode 229: Safari ends the composition before it tells about the Enter that ended it.
    if (event.isComposing || event.keyCode === 229) return;
    if (picker?.key(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) submit(event);
    if (event.key === 'Backspace' && withBot && mentions && field.value === '') setBot(false);
  });

  function candidates(): Mentionable[] {
    return mentions ? [...(withBot ? [] : [mentions.bot()]), ...mentions.people()] : [];
  }

  function choose(candidate: Mentionable, from: number, to: number): void {
    const isBot = candidate.id === mentions?.bot().id;
    field.setRangeText(isBot ? '' : `@${candidate.name} `, from, to, 'end');
    if (isBot) setBot(true);
    grow();
  }

  function insert(text: string): void {
    field.focus();
    field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
    grow();
  }

  function setBot(on: boolean): void {
    withBot = on;
    update();
    field.focus();
  }

  function grow(): void {
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
    button.classList.toggle('ready', field.value.trim() !== '' || enclosed?.isEmpty() === false);
  }

  function submit(event: Event): void {
    event.preventDefault();
    const text = field.value.trim();
    const bot = mentions?.bot().name;
    const named = bot !== undefined && text.includes(`@${bot}`);
    if (text === '' && (enclosed?.isEmpty() ?? true)) return;
    const people = mentions?.people().filter((person) => text.includes(`@${person.name}`)) ?? [];
    const beside = enclosed?.take() ?? { pictures: [], files: [] };
    const draft = { text, mentionBot: withBot || named, mentions: people.map((person) => person.id), ...beside };
    field.value = '';
    withBot = mentions?.botAtFirst ?? false;
    update();
    grow();
    // One after the other: two quick lines arrive in the order they were written.
    queue = queue.then(async () => {
      if (await send(draft)) return;
      enclosed?.giveBack(beside);
      field.value = field.value === '' ? text : `${text}\n${field.value}`;
      grow();
    });
  }

  function update(): void {
    setAttribute(field, 'aria-label', label());
    setAttribute(field, 'placeholder', placeholder());
    setAttribute(button, 'aria-label', t('send'));
    setAttribute(button, 'title', t('send'));
    setAttribute(at, 'aria-label', t('mentionAdd'));
    setAttribute(at, 'title', t('mentionAdd'));
    enclosed?.update();
    if (mentions) drawChip(mentions.bot().name);
  }

  function drawChip(bot: string): void {
    setAttribute(chip, 'aria-pressed', withBot ? 'true' : 'false');
    setAttribute(chip, 'aria-label', t('mentionBot', { bot }));
    setAttribute(chip, 'title', t(withBot ? 'mentionBotOff' : 'mentionBotOn', { bot }));
    chip.replaceChildren(...(withBot ? [`@${bot}`, icon('close')] : [icon('plus'), `@${bot}`]));
  }

  return { element, update };
}
