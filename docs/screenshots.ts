import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Person } from '../simulator/state.ts';
import type { Locale } from '../src/text/text.ts';
import { launch } from '../test/browser/launch.ts';
import { type LocalProduct, startProduct } from '../test/browser/localProduct.ts';
import { hook, Visit } from '../test/browser/visit.ts';
import { images as guideImages, Play } from './screenshots/play.ts';
import { scenes } from './screenshots/scenes.ts';

/**
 * Plays scenes against the real product and its simulator, and takes their pictures: of the READMEs (`docs/images/`) and of the user's guide in
 * both languages (`docs/images/guide/`). `node docs/screenshots.ts card status` takes those of some scenes only.
 */
const images = join(import.meta.dirname, 'images');
const chat = hook('customer-messages');
const card = `${hook('thread')} ${hook('card')}`;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => name !== 'readme' && !Object.hasOwn(scenes, name));
if (unknown.length > 0)
  throw new Error(`There is no scene ${unknown.join(', ')}: readme, ${Object.keys(scenes).join(', ')}`);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);

const browser = await launch();
try {
  await mkdir(guideImages, { recursive: true });
  if (isWanted('readme')) await readme();
  for (const [name, scene] of Object.entries(scenes).filter(([name]) => isWanted(name)))
    for (const locale of ['ja', 'en'] satisfies Locale[]) {
      const play = await Play.begin(browser, locale, scene);
      try {
        await scene.play(play);
      } catch (cause) {
        throw new Error(`scene ${name}, ${locale}`, { cause });
      } finally {
        await play.end();
      }
    }
} finally {
  await browser.close();
}

async function readme(): Promise<void> {
  const product = await startProduct();
  try {
    const desk = await open(product, 1280, 1060);
    await converse(product, desk);
    await desk.page.screenshot({ path: join(images, 'simulator.png'), optimizeForSpeed: false });
    const phone = await open(product, 390, 844);
    await phone.sees(card, 'はい、黒でお願いします。');
    await phone.page.$eval('.stream', (stream) => stream.scrollTo(0, stream.scrollHeight));
    await phone.page.screenshot({ path: join(images, 'simulator-phone.png'), optimizeForSpeed: false });
  } finally {
    await product.stop();
  }
}

/** The page without its guide for newcomers, fonts loaded. */
async function open(product: LocalProduct, width: number, height: number): Promise<Visit> {
  const remembers = { 'madoguchi.view': JSON.stringify({ tourClosed: true, tab: 'teams' }) };
  const visit = await Visit.open(browser, product.url, { width, height, remembers });
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
  await visit.sees(hook('post'), 'と連携しました');

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
  // The card follows a little later.
  await visit.sees('.thread:last-child .root', 'はい、黒でお願いします。');
}
