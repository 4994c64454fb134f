import type { Client, Mention } from '../state.ts';

/** What a person typed, in the three forms one activity carries it. */
export interface Composed {
  /** `activity.text`: names as `<at>Name</at>`, entities encoded, stray white space as the client leaves it. */
  text: string;
  /** The `text/html` copy. */
  html: string;
  /** What people see: names as `@Name`. */
  shown: string;
  mentions: Mention[];
}

/** What stands in the html copy beside the words: pictures by their address, files as a mark that tells nothing. */
export interface Beside {
  pictures: string[];
  files: string[];
}

export interface Compose {
  text: string;
  /** Who is mentioned; the bot's name first if it is among them. */
  mentioned: { id: string; name: string; bot: boolean }[];
  client: Client;
  /** Old clients put everything in one line in `text`; the html copy keeps the breaks. */
  loseLineBreaks?: boolean;
}

/** How each client pads a mention and ends a text (botbuilder-dotnet#4841 and like reports). */
const habits: Record<Client, { afterMention: string; lineBreak: string; end: string; block: [string, string] }> = {
  desktop: { afterMention: ' ', lineBreak: '\n', end: '\n', block: ['<p>', '</p>'] },
  web: { afterMention: '&nbsp;', lineBreak: '\n', end: '', block: ['<p>', '</p>'] },
  mobile: { afterMention: ' ', lineBreak: '\r\n', end: '\r\n', block: ['<div><div>', '</div></div>'] },
};

/** Only private-use characters can mark places: nobody types them. */
const mark = (index: number) => `\uE000${index}\uE001`;
const marks = /\uE000(\d+)\uE001( ?)/g;

/** Builds the forms. `@Name` in the text is where a mention stands; one that is missing goes in front (bot) or last (person). */
export function compose({ text, mentioned, client, loseLineBreaks }: Compose): Composed {
  const habit = habits[client];
  let marked = text;
  for (const [index, { name, bot }] of mentioned.entries()) {
    if (marked.includes(`@${name}`)) marked = marked.replaceAll(`@${name}`, mark(index));
    else marked = bot ? `${mark(index)} ${marked}` : `${marked} ${mark(index)}`;
  }
  const name = (index: string) => mentioned[Number(index)]?.name ?? '';
  const fill = (source: string, form: (name: string, index: string, space: string) => string) =>
    source.replaceAll(marks, (_, index: string, space: string) => form(name(index), index, space));

  const markup = escapeXml(marked);
  const lineBreak = loseLineBreaks ? ' ' : habit.lineBreak;
  const lines = fill(markup, (each, _, space) => `<at>${escapeXml(each)}</at>${space && habit.afterMention}`);
  const html = fill(markup, (each, index, space) => `${span(escapeXml(each), index)}${space && '&nbsp;'}`);
  const [open, close] = habit.block;
  return {
    text: lines.replaceAll('\n', lineBreak) + habit.end,
    html: `${open}${html.replaceAll('\n', '<br>')}${close}`,
    shown: fill(marked, (each, _, space) => `@${each}${space}`).trimEnd(),
    mentions: mentioned.map(({ id, name: each }) => ({ id, name: each, text: `<at>${escapeXml(each)}</at>` })),
  };
}

/** The marks of what was put beside the words, as clients write them behind these. */
export function besideHtml({ pictures, files }: Beside): string {
  const images = pictures.map(
    (src) => `<p><img alt="image" src="${escapeXml(src)}" itemtype="http://schema.skype.com/AMSImage"></p>`,
  );
  return [...images, ...files.map((id) => `<attachment id="${id}"></attachment>`)].join('');
}

const span = (name: string, index: string) =>
  `<span itemtype="http://schema.skype.com/Mention" itemscope="" itemid="${index}">${name}</span>`;

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
