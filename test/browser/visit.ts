import type { Browser, BrowserContext, ElementHandle, Page } from 'puppeteer-core';

export interface VisitOptions {
  width?: number;
  height?: number;
  /** What the browser remembers of an earlier visit: keys and values of its local storage. */
  remembers?: Record<string, string>;
  /** The reader's time zone, `Asia/Tokyo`; else the machine's. */
  timezone?: string;
}

/** A place where the focus came by: is it marked for the eye? */
export interface Stop {
  name: string;
  ring: boolean;
}

/** Somebody's look at the simulator's page, in a browser without memory; whatever goes wrong on the page is noted. */
export class Visit {
  readonly page: Page;
  /** Errors and warnings of the console (broken CSP rules are among them), exceptions, failed requests, foreign addresses. */
  readonly problems: string[] = [];
  readonly stops: Stop[] = [];
  readonly #context: BrowserContext;

  static async open(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
    const context = await browser.createBrowserContext();
    const visit = new Visit(context, await context.newPage());
    await visit.page.setViewport({ width: options.width ?? 1280, height: options.height ?? 800 });
    await visit.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
    if (options.timezone) await visit.page.emulateTimezone(options.timezone);
    await visit.page.evaluateOnNewDocument((kept) => {
      for (const [key, value] of Object.entries(kept))
        if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
    }, options.remembers ?? {});
    await visit.page.goto(url);
    await visit.page.waitForSelector('#customer');
    return visit;
  }

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('console', (line) => {
      if (['error', 'warn'].includes(line.type())) this.problems.push(`console: ${line.text()}`);
    });
    page.on('pageerror', (error) => this.problems.push(`exception: ${error}`));
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol !== 'data:' && hostname !== '127.0.0.1') this.problems.push(`foreign request: ${request.url()}`);
    });
    page.on('requestfailed', (request) =>
      this.problems.push(`failed: ${request.url()} ${request.failure()?.errorText}`),
    );
    page.on('response', (answer) => {
      if (answer.status() >= 400) this.problems.push(`${answer.status()}: ${answer.url()}`);
    });
  }

  async close(): Promise<void> {
    this.page.removeAllListeners();
    await this.#context.close();
  }

  /** Waits until the words can be read in one of the elements. */
  async sees(where: string, words: string): Promise<void> {
    const readable = (selector: string, text: string) =>
      [...document.querySelectorAll<HTMLElement>(selector)].some(
        (element) => element.checkVisibility() && element.innerText.includes(text),
      );
    await this.page.waitForFunction(readable, { timeout: 30_000 }, where, words).catch(async (cause) => {
      const shown = await this.read(where);
      throw new Error(`“${words}” was not seen in ${where}, which shows: ${shown.join(' | ') || 'nothing'}`, { cause });
    });
  }

  /** What stands in the elements now, as it is displayed. */
  read(where: string): Promise<string[]> {
    return this.page.$$eval(where, (all) => all.map((element) => (element as HTMLElement).innerText));
  }

  /** Presses the button with this caption, the newest if there are several. */
  async press(caption: string, where = 'body'): Promise<void> {
    const find = (selector: string, text: string) =>
      [...document.querySelectorAll<HTMLElement>(`${selector} :is(button, summary)`)].findLast(
        (button) => button.checkVisibility() && button.innerText.trim() === text,
      );
    const button = await this.page.waitForFunction(find, { timeout: 30_000 }, where, caption);
    await (button as ElementHandle<HTMLElement>).click();
  }

  click(testId: string): Promise<void> {
    return this.page.locator(hook(testId)).click();
  }

  /** Types into a composer and sends; `where` says in which thread. */
  async write(composer: 'customer' | 'thread' | 'channel', text: string, where = 'body'): Promise<void> {
    await this.page.locator(`${where} ${hook(`${composer}-composer`)}`).click();
    await this.page.keyboard.sendCharacter(text);
    await this.page.locator(`${where} ${hook(`${composer}-send`)}`).click();
  }

  /** The field that a label names. */
  async field(label: string, where = 'body'): Promise<ElementHandle<HTMLInputElement>> {
    const find = (selector: string, text: string) =>
      [...document.querySelectorAll<HTMLLabelElement>(`${selector} label`)].find((one) =>
        one.innerText.startsWith(text),
      )?.control;
    const control = await this.page.waitForFunction(find, { timeout: 30_000 }, where, label);
    return control as unknown as ElementHandle<HTMLInputElement>;
  }

  /** Replaces what stands in the field that a label names. */
  async fill(label: string, text: string, where = 'body'): Promise<void> {
    const field = await this.field(label, where);
    await field.click({ count: 3 });
    await this.page.keyboard.press('Backspace');
    if (text) await field.type(text);
  }

  /** Tabs onward until such an element has the focus. Each stop on the way is noted in `stops`. */
  async tabTo(selector: string, most = 80): Promise<void> {
    for (let step = 0; step < most; step++) {
      await this.page.keyboard.press('Tab');
      const { there, ...stop } = await this.page.evaluate(focused, selector);
      this.stops.push(stop);
      if (there) return;
    }
    throw new Error(`${selector} was not reached with ${most} Tabs`);
  }
}

/** Where the focus is, and whether an outline or a shadow on it (or around it) shows that. Runs inside the page. */
function focused(wanted: string): Stop & { there: boolean } {
  const element = document.activeElement ?? document.body;
  const marked = (one: Element | null): boolean => {
    if (!one) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow.includes('0px 0px 0px ');
  };
  const around = element.closest('label, form, fieldset');
  const name = `${element.tagName} ${element.getAttribute('data-testid') ?? element.className}`;
  return { name, ring: marked(element) || marked(around), there: element.matches(wanted) };
}

export const hook = (testId: string): string => `[data-testid="${testId}"]`;
