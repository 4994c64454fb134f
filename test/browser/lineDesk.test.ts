import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle } from 'puppeteer-core';
import type { LineCustomer } from '../../simulator/line/world.ts';
import { bytesOf } from '../fixtures/pictures.ts';
import { stage } from './stage.ts';
import { hook, type Visit } from './visit.ts';

const log = hook('line-messages');
const dialog = hook('task-dialog');
const card = `${hook('thread')} ${hook('card')} .ac-adaptiveCard`;
const theirs = `${hook('thread')}:last-of-type`;
const s = stage();

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'madoguchi-line-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const account = async () => (await s.product.state()).line.accounts[0];
const customer = async () => (await s.product.state()).line.customers.at(-1) as LineCustomer;

/** Keeps what is seen, for people to look at: `LINE_SHOTS` names a folder. */
async function shot(visit: Visit, name: string): Promise<void> {
  const shots = process.env.LINE_SHOTS;
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await visit.page.screenshot({ path: join(shots, `${name}.png`) });
}

async function writes(visit: Visit, text: string): Promise<void> {
  await visit.page.locator(hook('line-composer')).click();
  await visit.page.keyboard.sendCharacter(text);
  await visit.page.locator(hook('line-send')).click();
  await visit.sees(`${log} .own`, text);
}

/** An operator answers in the customer’s thread, which stands below the one in which the desk was connected. */
const answer = (visit: Visit, text: string) => visit.write('thread', text, theirs);

/** An admin connects the account by the form, with the values that LINE’s console shows, and turns its webhooks on. */
async function connect(visit: Visit): Promise<void> {
  const keys = await account();
  await visit.click('channel-bot');
  await visit.write('channel', 'connect line');
  await visit.press('フォームを開く', card);
  await visit.fill('チャネル ID', keys?.channelId ?? '', dialog);
  await visit.fill('チャネルシークレット', 'test-wrong', dialog);
  await visit.fill('ボットのベーシック ID', keys?.basicId ?? '', dialog);
  await visit.press('確認して保存', dialog);
  await visit.sees(dialog, 'LINE がチャネル ID とチャネルシークレットの組み合わせを受け付けません');
  await shot(visit, '1-form');
  await visit.fill('チャネルシークレット', keys?.channelSecret ?? '', dialog);
  await visit.press('確認して保存', dialog);
  await visit.sees(dialog, 'LINE とつなぎました');
  await visit.sees(dialog, '/api/channels/line/');
  await shot(visit, '2-connected');
  await visit.press('閉じる', dialog);
}

test.each([
  ['a desktop', 1280, 900],
  ['a phone', 390, 844],
])(
  'LINE from the form to the blocked account, at %s',
  async (_name, width, height) => {
    const remembers = { 'madoguchi.view': JSON.stringify({ tab: 'teams', channel: 'line', tourClosed: true }) };
    const visit = await s.visit({ width, height, remembers });
    const narrow = width < 800;
    const toCustomer = async () => (narrow ? visit.click('tab-customer') : undefined);
    const toTeams = async () => (narrow ? visit.click('tab-teams') : undefined);
    await connect(visit);

    await toCustomer();
    await visit.press('LINE の管理画面');
    await visit.click('line-active');
    await visit.press('検証');
    await visit.sees(hook('line-verified'), '成功しました');
    await shot(visit, `3-verified-${width}`);
    await visit.press('LINE の管理画面');

    await writes(visit, '在庫はありますか');
    const { id } = await customer();
    const say = (body: object) => s.product.control(`line/customers/${encodeURIComponent(id)}/messages`, body);
    await say({ type: 'sticker' });
    const file = { name: '写真.png', type: 'image/png', base64: bytesOf('png').toString('base64') };
    await say({ type: 'image', files: [file] });
    await toTeams();
    await visit.sees(card, '在庫はありますか');
    await visit.sees(card, 'スタンプ');
    await visit.page.waitForSelector(`${card} img[src*="/files/"]`);
    await shot(visit, `4-thread-${width}`);

    await answer(visit, 'ございます。');
    const picture = join(folder, `見本-${width}.png`);
    writeFileSync(picture, bytesOf('png'));
    const chooser = await visit.page.waitForSelector(`${theirs} ${hook('thread-picture')}`);
    await (chooser as ElementHandle<HTMLInputElement>).uploadFile(picture);
    await answer(visit, 'こちらです。');
    await toCustomer();
    await visit.sees(`${log} .theirs`, 'ございます。');
    await visit.sees(`${log} .theirs`, 'こちらです。');
    await visit.page.waitForSelector(`${log} .theirs img`);
    await shot(visit, `5-phone-${width}`);

    await visit.press('ブロック', '.phone');
    await toTeams();
    await visit.sees(card, 'ブロックしました');
    await answer(visit, '届きますか');
    await visit.sees(card, 'お客さまに送れませんでした');
    await visit.sees(card, 'ブロックしているため届きません');
    await shot(visit, `6-blocked-${width}`);
  },
  240_000,
);
