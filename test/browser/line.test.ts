import type { LineCustomer } from '../../simulator/line/world.ts';
import { bytesOf } from '../fixtures/pictures.ts';
import { faintTexts, outOfView, smallTargets } from './measures.ts';
import { eventually, stage } from './stage.ts';
import { hook, type Visit } from './visit.ts';

const log = hook('line-messages');
const s = stage();

const remembers = { 'madoguchi.view': JSON.stringify({ tab: 'customer', channel: 'line', tourClosed: true }) };
const come = (width = 1280, height = 800): Promise<Visit> => s.visit({ width, height, remembers });
const account = async () => (await s.product.state()).line.accounts[0];
const customer = async () => (await s.product.state()).line.customers.at(-1) as LineCustomer;

/** A call to LINE as the desk makes it. */
async function ask(path: string, body: unknown): Promise<number> {
  const answer = await fetch(`${s.product.url}line/v2/bot/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${(await account())?.accessToken}` },
    body: JSON.stringify(body),
  });
  return answer.status;
}

async function push(...messages: object[]): Promise<void> {
  expect(await ask('message/push', { to: (await customer()).userId, messages })).toBe(200);
}

async function writes(visit: Visit, text: string): Promise<void> {
  await visit.page.locator(hook('line-composer')).click();
  await visit.page.keyboard.sendCharacter(text);
  await visit.page.locator(hook('line-send')).click();
  await visit.sees(`${log} .own`, text);
}

/** A talk with everything in it that the phone shows. */
async function conversation(visit: Visit): Promise<void> {
  await writes(visit, `こんにちは。\n${'w'.repeat(200)}`);
  const { id } = await customer();
  const say = (body: object) => s.product.control(`line/customers/${encodeURIComponent(id)}/messages`, body);
  const file = (name: string, type: string) => ({ name, type, base64: bytesOf('png').toString('base64') });
  await say({ type: 'sticker' });
  await say({ type: 'image', files: [file('写真.png', 'image/png')] });
  await say({ type: 'file', file: file(`${'とても長い'.repeat(12)}.pdf`, 'application/pdf') });
  await say({ type: 'location', title: '東京駅', address: '東京都千代田区', latitude: 35.68, longitude: 139.76 });
  await push(
    { type: 'text', text: 'お調べします。 https://example.com/', sender: { name: '山田' } },
    {
      type: 'template',
      altText: 'お選びください',
      template: {
        type: 'confirm',
        text: 'お選びください',
        actions: [
          { type: 'message', label: 'はい', text: 'はい、お願いします' },
          { type: 'postback', label: 'いいえ', data: 'answer=no', displayText: 'いいえ、結構です' },
        ],
      },
    },
  );
  await visit.sees(`${log} .theirs`, 'お選びください');
}

test('a customer comes by LINE, writes, gets an answer and sees that somebody has read it', async () => {
  const visit = await s.visit();
  await visit.click('channel-line');
  await writes(visit, '在庫はありますか');
  expect(await customer()).toMatchObject({
    friendship: 'friend',
    messages: [{ content: { text: '在庫はありますか' } }],
  });
  const [message] = (await customer()).messages;
  expect(await ask('chat/loading/start', { chatId: (await customer()).userId, loadingSeconds: 60 })).toBe(202);
  await visit.page.locator(hook('line-loading')).wait();
  expect(await ask('chat/markAsRead', { markAsReadToken: message?.markAsReadToken })).toBe(200);
  await visit.sees(`${log} .own .read`, '既読');
  await push({ type: 'text', text: 'ございます。', sender: { name: '山田' } });
  await visit.sees(`${log} .theirs`, 'ございます。');
  await visit.sees(`${log} .theirs .name`, '山田');
  await visit.page.waitForSelector(hook('line-loading'), { hidden: true });
});

test('buttons in a message speak for the customer, and a message can be taken back', async () => {
  const visit = await come();
  await conversation(visit);
  await visit.press('はい', log);
  await visit.sees(`${log} .own`, 'はい、お願いします');
  await visit.press('いいえ', log);
  await visit.sees(`${log} .own`, 'いいえ、結構です');
  expect((await customer()).messages.at(-1)).toMatchObject({ content: { type: 'postback', data: 'answer=no' } });
  await visit.page.locator(`${log} .own [aria-label="送信を取り消す"]`).click();
  await visit.sees(`${log} .own`, '送信が取り消されました。');
  expect((await customer()).messages[0]).toMatchObject({ unsentAt: expect.any(String) });
});

test('stickers, emoji, places, files and presses go out from their panel', async () => {
  const visit = await come();
  await writes(visit, 'x');
  await visit.press('スタンプ・ファイルなどを送る');
  const panel = hook('line-extras');
  for (const name of ['ありがとう', '🍎', 'LINE 絵文字', '東京駅'])
    await visit.page.locator(`${panel} [aria-label="${name}"]`).click();
  await visit.press('ポストバックを送る', panel);
  await visit.sees(`${log} .own`, 'ボタン：action=buy&item=1');
  await eventually(async () => (await customer()).messages.length >= 6);
  const said = (await customer()).messages.map(({ content }) => content);
  expect(said.map(({ type }) => type).toSorted()).toEqual(['location', 'postback', 'sticker', 'text', 'text', 'text']);
  expect(said.find(({ emojis }) => emojis)).toMatchObject({ text: '(moon smile)' });
});

test('who blocks the account can neither write nor hear, until it is unblocked', async () => {
  const visit = await come();
  await writes(visit, 'もう結構です');
  await visit.press('ブロック', '.phone');
  await visit.sees('.phone', 'ブロックしています');
  expect(await visit.page.$eval(hook('line-composer'), (field) => field.checkVisibility())).toBe(false);
  await push({ type: 'text', text: '届かない' });
  await visit.press('ブロック解除', '.phone');
  await writes(visit, '戻りました');
  expect((await visit.read(log)).join()).not.toContain('届かない');
});

test('the console takes a webhook URL, switches it on and says whether anybody answers', async () => {
  const visit = await come();
  await visit.press('LINE の管理画面');
  await visit.fill('Webhook URL', 'http://127.0.0.1:1/webhook');
  await visit.page.keyboard.press('Tab');
  await visit.page.waitForFunction(
    (where) => !(document.querySelector(where) as HTMLButtonElement).disabled,
    {},
    hook('line-verify'),
  );
  await visit.click('line-active');
  await visit.press('検証');
  await visit.sees(hook('line-verified'), 'COULD_NOT_CONNECT');
  await eventually(async () => (await account())?.webhook.active === true);
  expect(await account()).toMatchObject({ webhook: { url: 'http://127.0.0.1:1/webhook', active: true } });
  await visit.press('チャネルの設定値（すべて試験用）');
  await visit.sees(hook('line-values'), 'test-line-channel-secret-2000000001');
});

test('the phone is used by keyboard alone, and it always shows where one is', async () => {
  const visit = await s.visit();
  await visit.tabTo('input[name="channel"]');
  await visit.page.keyboard.press('ArrowRight');
  await visit.tabTo(hook('line-composer'));
  await visit.page.keyboard.sendCharacter('キーボードだけで');
  await visit.page.keyboard.press('Enter');
  await visit.sees(`${log} .own`, 'キーボードだけで');
  await visit.tabTo(`${hook('line-console')} > summary`);
  expect(visit.stops.filter(({ ring }) => !ring)).toEqual([]);
});

test('nothing is cut, too small or faint, from a wide screen to a narrow phone, in light and in dark', async () => {
  const visit = await come();
  await conversation(visit);
  await visit.press('スタンプ・ファイルなどを送る');
  for (const width of [1280, 900, 390, 320]) {
    await visit.page.setViewport({ width, height: 800 });
    const [out, small] = [await visit.page.evaluate(outOfView), await visit.page.evaluate(smallTargets, 24)];
    expect({ width, out, small }).toEqual({ width, out: [], small: [] });
  }
  await visit.press('スタンプ・ファイルなどを送る');
  await visit.press('LINE の管理画面');
  await visit.press('チャネルの設定値（すべて試験用）');
  for (const value of ['light', 'dark']) {
    const still = { name: 'prefers-reduced-motion', value: 'reduce' };
    await visit.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }, still]);
    expect({ value, faint: await visit.page.evaluate(faintTexts) }).toEqual({ value, faint: [] });
  }
  const [out, small] = [await visit.page.evaluate(outOfView), await visit.page.evaluate(smallTargets, 24)];
  expect({ out, small }).toEqual({ out: [], small: [] });
});

test('all of it has names, and speaks English as well', async () => {
  const visit = await come();
  await conversation(visit);
  await visit.press('スタンプ・ファイルなどを送る');
  await visit.press('LINE の管理画面');
  await visit.click('language-switch');
  await visit.sees('#customer', 'LINE console');
  const nameless = await visit.page.$$eval('#customer :is(button, input, select, textarea, a, summary)', (all) =>
    all
      .filter((one) => one.checkVisibility())
      .filter((one) => {
        const labels = [...((one as HTMLInputElement).labels ?? [])].map((label) => label.innerText).join('');
        const pictures = [...one.querySelectorAll('img')].map(({ alt }) => alt).join('');
        return (
          `${one.getAttribute('aria-label') ?? ''}${(one as HTMLElement).innerText}${labels}${pictures}`.trim() === ''
        );
      })
      .map((one) => one.outerHTML),
  );
  expect(nameless).toEqual([]);
  const japanese = (await visit.read('.phone header, .line-extras, .karte')).join('\n').match(/[ぁ-ん]+/g);
  expect(japanese).toBeNull();
});
