import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle } from 'puppeteer-core';
import { bytesOf } from '../fixtures/pictures.ts';
import { stage } from './stage.ts';
import { hook, type Visit } from './visit.ts';

const chat = hook('customer-messages');
const card = `${hook('thread')} ${hook('card')} .ac-adaptiveCard`;
const s = stage();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'madoguchi-pictures-'));
  writeFileSync(join(folder, '領収書.png'), bytesOf('png'));
  writeFileSync(join(folder, '見積.pdf'), '%PDF-1.7');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function choose(visit: Visit, testId: string, file: string): Promise<void> {
  const field = await visit.page.waitForSelector(hook(testId));
  await (field as ElementHandle<HTMLInputElement>).uploadFile(join(folder, file));
}

/** The picture can be seen: it has arrived and is one. */
async function seesPicture(visit: Visit, where: string): Promise<void> {
  const loaded = (selector: string) =>
    [...document.querySelectorAll<HTMLImageElement>(`${selector} img`)].some((image) => {
      image.loading = 'eager';
      return image.complete && image.naturalWidth > 0;
    });
  await visit.page.waitForFunction(loaded, { timeout: 30_000 }, where);
}

async function asked(): Promise<Visit> {
  const visit = await s.visit();
  await visit.click('add-member');
  await visit.sees('#customer', 'member-1001');
  await visit.write('customer', 'こんにちは');
  await visit.sees(card, 'こんにちは');
  return visit;
}

test('a customer’s picture is seen in the chat, and in the thread in Teams', async () => {
  const visit = await asked();
  await choose(visit, 'customer-picture', '領収書.png');
  await visit.sees('.enclosed', '領収書.png');
  await visit.write('customer', '領収書です');
  await seesPicture(visit, `${chat} .own`);
  await visit.sees(card, '領収書です');
  await seesPicture(visit, card);
  expect(await visit.read('.enclosed li')).toEqual([]);
});

test('a picture without a word is sent too, and one that was taken out is not', async () => {
  const visit = await asked();
  await choose(visit, 'customer-picture', '領収書.png');
  await visit.page.locator('.enclosed button').click();
  expect(await visit.read('.enclosed li')).toEqual([]);
  await choose(visit, 'customer-picture', '領収書.png');
  await visit.click('customer-send');
  await seesPicture(visit, card);
});

test('an operator’s picture goes to the customer as a link that opens; only that operator is told', async () => {
  const visit = await asked();
  await choose(visit, 'thread-picture', '領収書.png');
  await visit.write('thread', 'こちらです');
  await seesPicture(visit, hook('post'));
  await visit.sees(`${chat} .theirs`, 'こちらです');
  const link = await visit.page.$eval(`${chat} .theirs a`, (one) => (one as HTMLAnchorElement).href);
  const answer = await fetch(link);
  expect([answer.status, Buffer.from(await answer.arrayBuffer())]).toEqual([200, bytesOf('png')]);
  await visit.sees(hook('post'), 'リンクにしてお客さまに送りました');
  await visit.page.locator('label::-p-text(佐藤 健)').click();
  await visit.sees(hook('post'), 'こちらです');
  expect((await visit.read(hook('post'))).join()).not.toContain('リンクにして');
});

test('a file is not sent, and its writer is told so, alone', async () => {
  const visit = await asked();
  await choose(visit, 'thread-file', '見積.pdf');
  await visit.write('thread', '見積です');
  await visit.sees(`${chat} .theirs`, '見積です');
  await visit.sees(hook('post'), 'お客さまに送れなかった添付');
  await visit.page.locator('label::-p-text(佐藤 健)').click();
  await visit.sees(hook('post'), '見積です');
  expect((await visit.read(hook('post'))).join()).not.toContain('送れなかった添付');
});
