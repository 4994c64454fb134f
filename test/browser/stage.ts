import type { Browser } from 'puppeteer-core';
import { launch } from './launch.ts';
import { type LocalProduct, startProduct } from './localProduct.ts';
import { Visit, type VisitOptions } from './visit.ts';

/** One browser for the tests of a file, and a product of its own for each test. */
export interface Stage {
  readonly product: LocalProduct;
  visit(options?: VisitOptions): Promise<Visit>;
}

/** Resolves once this is so: what a press has started may end a moment after the page shows it. */
export async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await isSo()); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > end) throw new Error(`waited in vain for ${isSo}`);
}

/** Sets the stage around each test. After each, no page may have complained: no error, no broken CSP, no foreign request. */
export function stage(): Stage {
  let browser: Browser | undefined;
  let product: LocalProduct | undefined;
  let visits: Visit[] = [];
  const up = <T>(one: T | undefined): T => {
    if (!one) throw new Error('The stage is up only while a test runs.');
    return one;
  };

  beforeAll(async () => {
    browser = await launch();
  });
  beforeEach(async () => {
    visits = [];
    product = await startProduct();
  });
  afterEach(async () => {
    const problems = visits.flatMap((visit) => visit.problems);
    await Promise.all(visits.map((visit) => visit.close()));
    await product?.stop();
    expect(problems).toEqual([]);
  });
  afterAll(() => browser?.close());

  return {
    get product() {
      return up(product);
    },
    async visit(options) {
      const visit = await Visit.open(up(browser), up(product).url, options);
      visits.push(visit);
      return visit;
    },
  };
}
