import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Person } from '../simulator/state.ts';
import { launch } from '../test/browser/launch.ts';
import { type LocalProduct, startProduct } from '../test/browser/localProduct.ts';
import { hook, Visit } from '../test/browser/visit.ts';

/**
 * Plays a short conversation against the real product and takes the pictures of the README: `node docs/screenshots.ts`
 * writes `docs/images/simulator.png` and `docs/images/simulator-phone.png`.
 */
const images = join(import.meta.dirname, 'images');
const chat = hook('customer-messages');
const card = `${hook('thread')} ${hook('card')}`;

const product = await startProduct();
const browser = await launch();
try {
  await mkdir(images, { recursive: true });
  const desk = await open(1280, 892, 'teams');
  await converse(product, desk);
  await desk.page.screenshot({ path: join(images, 'simulator.png'), optimizeForSpeed: false });
  const phone = await open(390, 844, 'teams');
  await phone.sees(card, 'はい、黒でお願いします。');
  await phone.page.screenshot({ path: join(images, 'simulator-phone.png'), optimizeForSpeed: false });
} finally {
  await browser.close();
  await product.stop();
}

/** The page without its guide for newcomers, fonts loaded. */
async function open(width: number, height: number, tab: 'customer' | 'teams'): Promise<Visit> {
  const visit = await Visit.open(browser, product.url, { width, height });
  await visit.page.evaluate(
    (view) => localStorage.setItem('madoguchi.view', view),
    JSON.stringify({ tourClosed: true, tab }),
  );
  await visit.page.reload();
  await visit.page.waitForSelector('#teams');
  await visit.page.evaluate(() => document.fonts.ready.then(() => undefined));
  return visit;
}

async function converse({ control, state }: LocalProduct, visit: Visit): Promise<void> {
  const { people, team } = await state();
  const say = (person: Person | undefined, where: object, text: string) =>
    control(`operators/${encodeURIComponent(person?.id ?? '')}/messages`, { ...where, text, mentionBot: true });
  const member = (user_id: string, name: string) =>
    control<{ id: string }>('customers', { kind: 'member', user_id, name });
  const [yamada] = people;
  await say(yamada, { channelId: team.id }, 'operator link op-yamada-0001');
  await visit.sees(hook('post'), 'とつなぎました');

  const takahashi = await member('member-1002', '高橋 直樹');
  const ito = await member('member-1001', '伊藤 さくら');
  await control(`customers/${takahashi.id}/messages`, { text: '領収書の宛名を変更できますか。' });
  await visit.sees(card, '領収書');
  const page = 'https://shop.example.test/items/kettle-08';
  await control(`customers/${ito.id}/messages`, {
    text: 'こんにちは。今朝、電気ケトルを注文しました。\n色を白から黒に変えられますか？',
    page,
  });
  await visit.sees(card, '色を白から黒に');
  await control('karte/assign', { customerId: ito.id, operatorId: 'op-yamada-0001' });
  await visit.sees(card, '担当\n山田 花子');
  const threadId = (await state()).threads.at(-1)?.id;
  await say(yamada, { threadId }, 'お問い合わせありがとうございます。発送前ですので変更できます。黒でよろしいですか？');
  await visit.sees(`${chat} .theirs`, '発送前ですので');
  await control(`customers/${ito.id}/messages`, { text: 'はい、黒でお願いします。', page });
  await visit.sees(card, 'はい、黒でお願いします。');
  await visit.page.locator(`${hook('post')} .reactions button`).wait();
}
