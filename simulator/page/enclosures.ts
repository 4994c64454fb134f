import type { SentFile } from '../state.ts';
import { h, setAttribute } from './dom.ts';
import { icon } from './icons.ts';
import { t } from './language.ts';

/** What stands beside the words of a draft. */
export interface Enclosed {
  pictures: SentFile[];
  /** Names only: nobody gets more of a file. */
  files: string[];
}

interface Options {
  /** `data-testid` is `<name>-picture` and `<name>-file` for the fields that take files. */
  name: string;
  /** Pictures pasted here are taken too. */
  field: HTMLTextAreaElement;
  /** Can other files be attached as well? */
  files: boolean;
  /** How many pictures one message takes. */
  most: number;
  changed: () => void;
}

/** Buttons to choose pictures and files with, and the row in which the chosen ones wait to be sent. */
export function enclosures({ name, field, files, most, changed }: Options) {
  let held: Enclosed = { pictures: [], files: [] };
  const picture = chooser('picture', 'image/*', (chosen) => void addPictures(chosen));
  const file = chooser('file', '', (chosen) =>
    set({ ...held, files: [...held.files, ...chosen.map((one) => one.name)] }),
  );
  const row = h('ul', { class: 'enclosed', hidden: true });

  field.addEventListener('paste', (event) => {
    const images = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
    if (images.length === 0) return;
    event.preventDefault();
    void addPictures(images);
  });

  function chooser(kind: 'picture' | 'file', accept: string, choose: (files: File[]) => void) {
    const input = h('input', { type: 'file', accept, hidden: true, multiple: kind === 'file' || most > 1 });
    input.setAttribute('data-testid', `${name}-${kind}`);
    input.addEventListener('change', () => {
      choose([...(input.files ?? [])]);
      input.value = '';
    });
    const button = h('button', { type: 'button', class: 'plain at', onclick: () => input.click() }, icon(kind));
    return { input, button };
  }

  async function addPictures(chosen: File[]): Promise<void> {
    const read = await Promise.all(chosen.slice(0, most).map(sentFile));
    set({ ...held, pictures: [...held.pictures, ...read].slice(-most) });
  }

  function set(now: Enclosed): void {
    held = now;
    draw();
    changed();
  }

  function draw(): void {
    const without = <T>(all: T[], one: T) => all.filter((each) => each !== one);
    const pictures = held.pictures.map((one) =>
      item(one.name, h('img', { src: `data:${one.type};base64,${one.base64}`, alt: '' }), () =>
        set({ ...held, pictures: without(held.pictures, one) }),
      ),
    );
    const others = held.files.map((one) =>
      item(one, icon('file'), () => set({ ...held, files: without(held.files, one) })),
    );
    row.replaceChildren(...pictures, ...others);
    row.hidden = isEmpty();
  }

  function item(title: string, face: Node, remove: () => void): HTMLElement {
    const label = t('enclosedRemove', { name: title });
    const button = h('button', { type: 'button', class: 'plain', 'aria-label': label, onclick: remove }, icon('close'));
    return h('li', {}, face, h('span', {}, title), button);
  }

  const isEmpty = () => held.pictures.length === 0 && held.files.length === 0;

  return {
    row,
    buttons: [picture.input, picture.button, ...(files ? [file.input, file.button] : [])],
    isEmpty,
    /** Hands over what was chosen; nothing is chosen any more. */
    take(): Enclosed {
      const taken = held;
      set({ pictures: [], files: [] });
      return taken;
    },
    /** It was not sent: back with it. */
    giveBack(taken: Enclosed): void {
      set({ pictures: [...taken.pictures, ...held.pictures], files: [...taken.files, ...held.files] });
    },
    update(): void {
      for (const [{ button }, words] of [
        [picture, 'pictureAdd'],
        [file, 'fileAdd'],
      ] as const) {
        setAttribute(button, 'aria-label', t(words));
        setAttribute(button, 'title', t(words));
      }
      setAttribute(row, 'aria-label', t('enclosedList'));
    },
  };
}

/** A chosen file as the control API takes it. */
export function sentFile(file: File): Promise<SentFile> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error);
    reader.onload = () => {
      const [, base64 = ''] = String(reader.result).split(',');
      resolve({ name: file.name, type: file.type || 'application/octet-stream', base64 });
    };
    reader.readAsDataURL(file);
  });
}
