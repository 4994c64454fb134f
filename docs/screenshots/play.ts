import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import type { Customer, PersonWrites, Post, SentFile, SimulatorState } from '../../simulator/state.ts';
import type { Rules } from '../../src/desk/rules.ts';
import { type Locale, type Say, speaker } from '../../src/text/text.ts';
import { type LocalProduct, startProduct } from '../../test/browser/localProduct.ts';
import { hook, Visit } from '../../test/browser/visit.ts';
import { withPalette } from './palette.ts';
import type { Scene } from './scene.ts';

export const images = join(import.meta.dirname, '..', 'images', 'guide');

const timezone = 'Asia/Tokyo';
const wide = { width: 1280, height: 1600 };
const narrow = { width: 390, height: 1600 };
/** Nobody writes so fast that Teams' limits of a Teams channel are met (ms). */
const breath = 400;

/** Where a picture is taken: everything between the outermost edges of what these selectors find. */
export type Crop = string | string[];

/** The newest thread, its root, and the newest posts below that. */
export const thread = `${hook('thread')}:last-child`;
export const root = `${thread} .root`;
export const newest = (count: number): string => `${thread} .posts > .post:nth-last-child(-n + ${count})`;
export const dialog = hook('task-dialog');
export const chat = ['#customer .chat > header', '#customer .chat-log > *'];

/** One scene on its way: the product with an empty store, the page in one language, and both sides in one hand. */
export class Play {
  readonly locale: Locale;
  /** What the bot says, for the captions of its buttons. */
  readonly say: Say;
  readonly visit: Visit;
  /** Sets the product's clock forward. Hooks of customers are too old for it afterwards. */
  readonly pass: (minutes: number) => void;
  readonly #product: LocalProduct;

  static async begin(browser: Browser, locale: Locale, { at = '10:14', env }: Scene): Promise<Play> {
    // Reader and desk have one clock, and the office is open.
    const today = new Intl.DateTimeFormat('sv', { timeZone: timezone }).format();
    let ahead = Date.parse(`${today}T${at}+09:00`) - Date.now();
    const product = await startProduct(
      { LOCALE: locale, ...env },
      {
        now: () => Date.now() + ahead,
        // What looks around now and then does so soon, for whoever waits for the picture.
        later(ms, run) {
          const timer = globalThis.setTimeout(run, ms < 20_000 ? ms : 2_000);
          return () => clearTimeout(timer);
        },
      },
    );
    const pass = (minutes: number) => {
      ahead += minutes * 60_000;
    };
    const remembers = {
      'madoguchi.language': locale,
      'madoguchi.view': JSON.stringify({ tourClosed: true, tab: 'teams' }),
    };
    const visit = await Visit.open(browser, product.url, { ...wide, remembers, timezone });
    // Fields for times are as readers know them.
    const session = await visit.page.createCDPSession();
    await session.send('Emulation.setLocaleOverride', { locale });
    await visit.page.evaluate(() => document.fonts.ready.then(() => undefined));
    return new Play(product, visit, locale, pass);
  }

  private constructor(product: LocalProduct, visit: Visit, locale: Locale, pass: (minutes: number) => void) {
    this.#product = product;
    this.pass = pass;
    this.visit = visit;
    this.locale = locale;
    this.say = speaker(locale);
  }

  /** Ends it; a page that complained is no picture for a guide. */
  async end(): Promise<void> {
    const { problems } = this.visit;
    await this.visit.close();
    await this.#product.stop();
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }

  /** A sentence of the scene, in its language. */
  words(ja: string, en: string): string {
    return this.locale === 'ja' ? ja : en;
  }

  state(): Promise<SimulatorState> {
    return this.#product.state();
  }

  control<T = unknown>(path: string, body: unknown): Promise<T> {
    return this.#product.control<T>(path, body);
  }

  rule(rules: Partial<Rules>): Promise<void> {
    return this.#product.rule(rules);
  }

  member(number: number, ja: string, en: string): Promise<Customer> {
    return this.control('customers', { kind: 'member', user_id: String(number), name: this.words(ja, en) });
  }

  /** The customer writes; resolves when it stands in Teams. */
  async writes(customer: Customer, text: string, more: object = {}): Promise<void> {
    await this.control(`customers/${encodeURIComponent(customer.id)}/messages`, { text, page, ...more });
    await this.sees(text);
    await setTimeout(breath);
  }

  /** A picture as somebody chooses it. */
  async drawing(name: string, svg: string): Promise<SentFile> {
    const page = await this.visit.page.browserContext().newPage();
    await page.setViewport({ width: 320, height: 200 });
    await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`);
    const base64 = await page.screenshot({ encoding: 'base64' });
    await page.close();
    return { name, type: 'image/png', base64 };
  }

  /** One of the team writes to the bot: in the newest thread, or where `more` says. Yamada is 0, Sato 1. Gives the post. */
  async says(text: string, who = 0, more: Partial<PersonWrites> = {}): Promise<Post> {
    const { people, threads } = await this.state();
    const where = more.channelId ? {} : { threadId: threads.at(-1)?.id };
    const body = { ...where, text, mentionBot: true, ...more };
    const post = await this.control<Post>(`operators/${encodeURIComponent(people[who]?.id ?? '')}/messages`, body);
    await setTimeout(breath);
    return post;
  }

  edits({ id, from }: Post, text: string): Promise<Post> {
    return this.control(`posts/${id}/edit`, { personId: from, text });
  }

  deletes({ id, from }: Post): Promise<Post> {
    return this.control(`posts/${id}/delete`, { personId: from });
  }

  /** As {@link says}, in a new thread of General. */
  async asks(text: string, who = 0, more: Partial<PersonWrites> = {}): Promise<void> {
    const { team } = await this.state();
    await this.says(text, who, { channelId: team.id, ...more });
  }

  /** Yamada, or Sato as well, answers under the name that customers know. */
  async linked(...who: number[]): Promise<void> {
    for (const one of who.length ? who : [0]) {
      const { project, people } = await this.state();
      const operator = project.operators[one]?.id ?? '';
      await this.asks(`operator link ${operator}`, one);
      await this.sees(this.say('answer.linked', { person: people[one]?.name ?? '', operator }));
    }
  }

  /** Looks from the place of one of the team. */
  async become(who: number): Promise<void> {
    const { people } = await this.state();
    await this.visit.page.locator(`label::-p-text(${people[who]?.name})`).click();
  }

  /** Waits until these words stand in Teams. */
  sees(words: string, where = thread): Promise<void> {
    const flat = words.split('\n')[0] ?? '';
    return this.visit.sees(where, flat);
  }

  /** Waits until the newest message of a person carries the bot's sign of success. */
  async arrived(text: string): Promise<void> {
    await this.visit.sees('#customer .chat-log .theirs', text);
    await this.visit.page.locator(`${hook('post')} .reactions button`).wait();
  }

  press(caption: string, where = thread): Promise<void> {
    return this.visit.press(caption, where);
  }

  /** Closes the form that is open. */
  async closed(): Promise<void> {
    await this.visit.page.keyboard.press('Escape');
    await this.visit.page.waitForFunction(() => !document.querySelector('dialog[open]'));
  }

  /** Takes `<name>.<language>.png`. */
  async picture(name: string, crop: Crop): Promise<void> {
    await this.#take(name, crop);
  }

  /** Takes `<name>-phone.<language>.png`: the same on a phone. */
  async phonePicture(name: string, crop: Crop, tab: 'teams' | 'customer' = 'teams'): Promise<void> {
    const { page } = this.visit;
    await page.setViewport(narrow);
    await this.visit.click(`tab-${tab}`);
    await this.#take(`${name}-phone`, crop);
    await page.setViewport(wide);
  }

  async #take(name: string, crop: Crop): Promise<void> {
    const { page } = this.visit;
    const selector = [crop].flat().join(', ');
    await page.mouse.move(0, 0);
    await page.addStyleTag({
      content: `.new-posts, .notice { display: none } * { transition: none !important; caret-color: transparent }`,
    });
    await page.evaluate(settle, selector);
    await page.evaluate(outside, new URL(page.url()).origin);
    const clip = await page.evaluate(edges, selector);
    if (!clip) throw new Error(`${name}: nothing to be seen of ${selector}, or more than fits`);
    const png = await page.screenshot({ clip, captureBeyondViewport: false });
    await writeFile(join(images, `${name}.${this.locale}.png`), withPalette(png));
  }
}

const page = 'https://shop.example.test/items/kettle-08';

/** Brings what is looked for into view, lets its pictures load, and takes the focus away. Runs inside the page. */
async function settle(selector: string): Promise<void> {
  const dialog = document.querySelector('dialog[open]');
  if (!dialog && document.activeElement instanceof HTMLElement) document.activeElement.blur();
  const found = [...document.querySelectorAll<HTMLElement>(selector)].filter((one) => one.checkVisibility());
  found.at(-1)?.scrollIntoView({ block: 'end' });
  found[0]?.scrollIntoView({ block: 'nearest' });
  const pictures = found.flatMap((one) => [...one.querySelectorAll('img')]);
  await Promise.all(
    pictures.map((one) => {
      one.loading = 'eager';
      return one.decode();
    }),
  );
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

/** Links to this machine read as links to a desk do. Runs inside the page. */
function outside(origin: string): void {
  for (const link of document.querySelectorAll('#customer a'))
    link.textContent = (link.textContent ?? '').replace(origin, 'https://desk.example.test');
}

/** The box around all of it; nothing when it is not wholly in the window. Runs inside the page. */
function edges(selector: string): { x: number; y: number; width: number; height: number } | undefined {
  const boxes = [...document.querySelectorAll<HTMLElement>(selector)]
    .filter((one) => one.checkVisibility())
    .map((one) => one.getBoundingClientRect());
  const x = Math.floor(Math.min(...boxes.map(({ left }) => left)));
  const y = Math.floor(Math.min(...boxes.map(({ top }) => top)));
  const width = Math.ceil(Math.max(...boxes.map(({ right }) => right))) - x;
  const height = Math.ceil(Math.max(...boxes.map(({ bottom }) => bottom))) - y;
  const whole = boxes.length > 0 && x >= 0 && y >= 0 && x + width <= innerWidth && y + height <= innerHeight;
  return whole ? { x, y, width, height } : undefined;
}
