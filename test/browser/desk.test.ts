import type { Customer } from '../../simulator/state.ts';
import { bytesOf } from '../fixtures/pictures.ts';
import { faintTexts, outOfView, smallTargets } from './measures.ts';
import { eventually, stage } from './stage.ts';
import { hook, type Visit } from './visit.ts';

const thread = `${hook('thread')}:last-child`;
const root = `${thread} .root`;
const dialog = hook('task-dialog');
const chat = `${hook('customer-messages')} .theirs .bubble`;
const s = stage();

/** What operators do all day, on a wide screen and on a phone. */
describe.each([
  ['a desk', 1280, 800],
  ['a phone', 390, 844],
])('on %s', (_, width, height) => {
  const come = (): Promise<Visit> =>
    s.visit({
      width,
      height,
      remembers: { 'madoguchi.view': JSON.stringify({ tab: 'teams', tourClosed: true }) },
    });

  /** A member has asked something, Yamada and Sato are linked, and Yamada looks at the thread. */
  async function asked(
    question = 'サイズを交換できますか？',
    more: object = {},
  ): Promise<Visit & { customer: Customer }> {
    const { control, state } = s.product;
    const visit = await come();
    const { people, project, team } = await state();
    for (const at of [0, 1]) {
      const text = `operator link ${project.operators[at]?.id}`;
      const path = `operators/${encodeURIComponent(people[at]?.id ?? '')}/messages`;
      await control(path, { channelId: team.id, text, mentionBot: true });
      await visit.sees(thread, 'と連携しました');
    }
    const customer = await control<Customer>('customers', { kind: 'member', user_id: '1001' });
    await control(`customers/${customer.id}/messages`, { text: question, ...more });
    await visit.sees(root, '会員 1001 さんとの会話');
    await visit.sees(`${thread} .posts`, question);
    return Object.assign(visit, { customer });
  }

  /** What the customer has got, whichever side the page shows. */
  const received = async () =>
    ((await s.product.state()).customers[0]?.messages ?? []).filter(
      ({ from }) => from === 'operator' || from === 'bot',
    );

  /** Nothing is cut, too small for a finger or hard to read, in light and in dark colours. */
  async function isWellMade(visit: Visit): Promise<void> {
    const out = await visit.page.evaluate(outOfView);
    const small = await visit.page.evaluate(smallTargets, 24);
    expect({ out, small }).toEqual({ out: [], small: [] });
    for (const value of ['light', 'dark']) {
      const still = { name: 'prefers-reduced-motion', value: 'reduce' };
      await visit.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }, still]);
      expect({ value, faint: await visit.page.evaluate(faintTexts) }).toEqual({ value, faint: [] });
    }
    await visit.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  }

  test('the card assigns oneself or a colleague, closes the conversation and opens it again', async () => {
    const visit = await asked();
    await visit.press('自分が担当する', root);
    await visit.sees(root, '担当\n山田 花子');
    await visit.press('担当者を選ぶ…', root);
    await visit.sees(dialog, '選べるのは、operator link で連携した人です。');
    await isWellMade(visit);
    const whom = await visit.field('担当者', dialog);
    const sato = (await s.product.state()).people[1];
    await whom.select(sato?.aadObjectId ?? '');
    await visit.press('決める', dialog);
    await visit.sees(root, '担当\n佐藤 健');
    await visit.press('閉じる', dialog);
    await visit.press('対応済みにする', root);
    await visit.sees(root, '状態\n対応済み');
    await visit.press('対応中に戻す', root);
    await visit.sees(root, '状態\n対応中');
    await isWellMade(visit);
    expect((await s.product.state()).customers[0]).toMatchObject({
      assignee: { id: 'op-sato-0002' },
      status: 'open',
    });
    expect(await received()).toEqual([]);
  });

  test('the dots at the end of the card’s buttons open the rest of them over the page, and a conversation moves from there', async () => {
    const visit = await asked();
    const before = await visit.page.$eval(root, (one) => one.getBoundingClientRect().top);
    await visit.press('...', root);
    await visit.sees('.ac-ctrl-popup-container', '別のチャネルへ移動…');
    expect(await visit.page.$eval(root, (one) => one.getBoundingClientRect().top)).toBe(before);
    await isWellMade(visit);
    await visit.page.locator('.ac-ctrl-dropdown-item::-p-text(別のチャネルへ移動…)').click();
    await visit.sees(dialog, '移動先のチャネル');
    const returns = (await s.product.state()).channels[1];
    await (await visit.field('移動先のチャネル', dialog)).select(returns?.id ?? '');
    await visit.press('移動する', dialog);
    await visit.sees(dialog, '「返品・交換」へ移しています');
    await visit.press('閉じる', dialog);
    await visit.sees(thread, '続きは移動先のスレッドでお願いします。');
  });

  test('a note from the card’s form stands in the thread and not before the customer', async () => {
    const visit = await asked();
    await visit.press('ノート…', root);
    await visit.sees(dialog, 'お客さまには見えません。');
    await visit.press('残す', dialog);
    await visit.sees(dialog, '本文を書いてください。');
    await visit.fill('本文', '返金は店長に確認中', dialog);
    await isWellMade(visit);
    await visit.press('残す', dialog);
    await visit.sees(`${thread} .posts`, '山田 花子 さんのノート（お客さまには見えません）\n返金は店長に確認中');
    await visit.press('閉じる', dialog);
    await isWellMade(visit);
    expect(await received()).toEqual([]);
    expect((await s.product.state()).customers[0]?.messages).toContainEqual(expect.objectContaining({ from: 'note' }));
  });

  test('in the guarded mode unmarked words stay a note, and marked ones go out', async () => {
    await s.product.rule({ guarded: true });
    const visit = await asked();
    await visit.write('thread', 'この方は先月も同じ件でした', thread);
    await visit.sees(`${thread} .posts`, 'お客さまに送るには、reply に続けて書くか、``` で囲んでください。');
    expect(await received()).toEqual([]);
    await visit.write('thread', 'reply お待たせしました。', thread);
    await visit.page.locator(`${hook('post')} .reactions button`).wait();
    expect((await received()).map(({ text }) => text)).toEqual(['お待たせしました。']);
    await isWellMade(visit);
  });

  test('the list shows whoever waits longest first, a page at a time, and only what one asks for', async () => {
    const visit = await asked('最初の質問');
    const { control, state } = s.product;
    for (let number = 2; number <= 11; number++) {
      const { id } = await control<Customer>('customers', { kind: 'member', user_id: String(1000 + number) });
      await control(`customers/${id}/messages`, { text: `質問 ${number}` });
      await visit.sees(thread, `質問 ${number}`);
    }
    await visit.press('自分が担当する', root);
    await visit.sees(root, '担当\n山田 花子');
    const { people, team } = await state();
    const path = `operators/${encodeURIComponent(people[0]?.id ?? '')}/messages`;
    await control(path, { channelId: team.id, text: 'status', mentionBot: true });
    await visit.sees(thread, 'すべて（11 件、待ち時間の長い順）');
    await visit.sees(thread, '会員 1001');
    await isWellMade(visit);
    await visit.press('次へ', thread);
    await visit.sees(thread, '2 / 2 ページ');
    expect((await visit.read(thread)).join()).not.toContain('会員 1001');
    await visit.press('自分の担当', thread);
    await visit.sees(thread, '自分の担当（1 件）');
    await visit.sees(thread, '会員 1011');
    await visit.press('未担当', thread);
    await visit.sees(thread, '未担当（10 件）');
    await isWellMade(visit);
  });

  test('pictures of both sides can be seen, and nothing of them is cut', async () => {
    const picture = { name: '箱.png', type: 'image/png', base64: bytesOf('png').toString('base64') };
    const visit = await asked('箱がつぶれていました', { picture });
    const { control, state } = s.product;
    const { people, threads } = await state();
    const path = `operators/${encodeURIComponent(people[0]?.id ?? '')}/messages`;
    const answer = { text: 'このラベルをお使いください。', mentionBot: true, pictures: [picture] };
    await control(path, { threadId: threads.at(-1)?.id, ...answer });
    await visit.sees(`${thread} .posts`, 'リンクにしてお客さまに送りました');
    const loaded = () =>
      [...document.querySelectorAll<HTMLImageElement>('.thread:last-child img')].filter((one) => {
        one.loading = 'eager';
        return one.complete && one.naturalWidth > 0;
      }).length >= 2;
    await visit.page.waitForFunction(loaded, { timeout: 30_000 });
    await isWellMade(visit);
    if (width < 600) await visit.click('tab-customer');
    await visit.sees(chat, 'このラベルをお使いください。');
    await isWellMade(visit);
  });

  test.each([
    ['もう一度送る', '山田 花子 さんがもう一度送りました。', 1],
    ['送信済みにする', '山田 花子 さんが送信済みにしました。', 0],
    ['送らない', '山田 花子 さんが、送らないことにしました。お客さまには届いていません。', 0],
  ])('an answer that KARTE refused says why and since when, and “%s” ends it', async (button, done, sent) => {
    const visit = await asked();
    await s.product.control('faults', { side: 'karte', path: 'sendFromOperator', method: 'POST', status: 403 });
    await visit.write('thread', '本日発送しました。', thread);
    await visit.sees(thread, 'お客さまに送れませんでした');
    await visit.sees(thread, 'talk.message.sendFromOperator');
    await visit.sees(thread, 'から待っています。');
    await isWellMade(visit);
    await visit.press(button, thread);
    await visit.sees(thread, done);
    expect(await visit.read(`${thread} .posts .card button`)).toEqual([]);
    await eventually(async () => (await received()).length >= sent);
    expect(await received()).toHaveLength(sent);
  });
});
