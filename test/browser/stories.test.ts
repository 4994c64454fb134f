import { stage } from './stage.ts';
import { hook, type Visit } from './visit.ts';

const chat = hook('customer-messages');
const card = `${hook('thread')} ${hook('card')} .ac-adaptiveCard`;
const s = stage();

/** A member has asked something and the thread stands in Teams. */
async function asked(question = 'サイズを交換できますか？'): Promise<Visit> {
  const visit = await s.visit();
  await visit.click('add-member');
  await visit.sees('#customer', 'member-1001');
  await visit.write('customer', question);
  await visit.sees(card, question);
  return visit;
}

const answersIn = (visit: Visit) => visit.read(`${chat} .theirs .bubble`);

test('a customer writes, and a thread with a card appears in Teams', async () => {
  const visit = await asked('サイズを交換できますか？\u3000*急ぎ* <b>です</b>');
  const [root] = await visit.read(card);
  expect(root).toContain('会員 member-1001 さんとの会話');
  expect(root).toContain('未担当');
  expect(root).toContain('https://shop.example.test/items/kettle-08');
  await visit.sees(card, 'サイズを交換できますか？\u3000*急ぎ* <b>です</b>');
  expect(await visit.read(hook('thread'))).toHaveLength(1);
});

test('line breaks of the customer stand in the card', async () => {
  const visit = await s.visit();
  await visit.page.locator(hook('customer-composer')).click();
  await visit.page.keyboard.type('一行目');
  await visit.page.keyboard.down('Shift');
  await visit.page.keyboard.press('Enter');
  await visit.page.keyboard.up('Shift');
  await visit.page.keyboard.type('二行目');
  await visit.page.keyboard.press('Enter');
  await visit.sees(card, '一行目\n二行目');
});

test('an operator answers, and the customer sees it', async () => {
  const visit = await asked();
  await visit.write('thread', 'はい、まだ間に合います。');
  await visit.sees(`${chat} .theirs`, 'はい、まだ間に合います。');
  expect(await visit.read(`${chat} .theirs .name`)).toEqual(['サポート窓口']);
});

test('once linked, an operator answers under the name that customers know', async () => {
  const visit = await asked();
  await visit.write('thread', 'operator link op-yamada-0001');
  await visit.sees(hook('post'), 'op-yamada-0001 と連携しました');
  await visit.write('thread', '担当いたします。');
  await visit.sees(`${chat} .theirs`, '担当いたします。');
  expect(await visit.read(`${chat} .theirs .name`)).toEqual(['山田(オペレーター)']);
});

test('a post without the mention stays inside the team', async () => {
  const visit = await asked();
  await visit.click('thread-bot');
  await visit.write('thread', 'この件、在庫はありますか。');
  await visit.sees(hook('post'), 'この件、在庫はありますか。');
  await visit.write('thread', '在庫がございます。');
  await visit.sees(`${chat} .theirs`, '在庫がございます。');
  expect(await answersIn(visit)).toEqual(['在庫がございます。']);
});

test('a mistyped command asks instead of sending, and nothing is sent when it is cancelled', async () => {
  const visit = await asked();
  await visit.write('thread', 'operater assign');
  await visit.sees(card, '送信を止めました');
  await visit.press('やめる', card);
  await visit.sees(card, '山田 花子 さんがやめました。誰にも送っていません。');
  expect(await visit.read(`${hook('thread')} .posts ${hook('card')} button`)).toEqual([]);
  await visit.write('thread', 'お待たせしました。');
  await visit.sees(`${chat} .theirs`, 'お待たせしました。');
  expect(await answersIn(visit)).toEqual(['お待たせしました。']);
});

test('a conversation is closed by the card’s button, and opens again when the customer writes', async () => {
  const visit = await asked();
  await visit.press('対応済みにする', card);
  await visit.sees(card, '対応済み');
  await visit.sees(`${card} button`, '対応中に戻す');
  await visit.write('customer', 'もう一つよろしいですか。');
  await visit.sees(card, 'もう一つよろしいですか。');
  await visit.sees(`${card} button`, '対応済みにする');
  expect(await answersIn(visit)).toEqual([]);
});

test('a note stays among colleagues, and the customer sees nothing of it', async () => {
  const visit = await asked();
  await visit.write('thread', 'note 返金は店長に確認中');
  await visit.sees(hook('post'), 'お客さまには見えません');
  await visit.write('thread', 'お待ちください。');
  await visit.sees(`${chat} .theirs`, 'お待ちください。');
  expect(await answersIn(visit)).toEqual(['お待ちください。']);
});

test('a mistyped command runs from its card, and the thread shows who is in charge', async () => {
  const visit = await asked();
  await visit.write('thread', 'operator link op-yamada-0001');
  await visit.sees(hook('post'), 'と連携しました');
  await visit.write('thread', 'operater assign');
  await visit.press('「operator assign」を実行', card);
  await visit.sees(card, '山田 花子 さんが「operator assign」を実行しました。');
  await visit.sees(`${hook('thread')} .root`, '担当\n山田 花子');
  expect((await s.product.state()).customers[0]?.assignee).toEqual({ id: 'op-yamada-0001', is_bot: false });
  expect(await answersIn(visit)).toEqual([]);
});

test('setup opens a form that masks secrets and says what is wrong', async () => {
  const visit = await s.visit();
  const dialog = hook('task-dialog');
  const { project } = await s.product.state();
  await visit.click('channel-bot');
  await visit.write('channel', 'setup');
  await visit.press('フォームを開く', card);
  await visit.sees(dialog, 'アクセストークン');
  const types = { APIキー: 'text', アクセストークン: 'password', 'Bot ID': 'text', 'Client Secret': 'password' };
  for (const [label, type] of Object.entries(types))
    expect(await (await visit.field(label, dialog)).evaluate((field) => field.type)).toBe(type);

  await visit.press('確認して保存', dialog);
  await visit.sees(dialog, '入力してください。');
  await visit.fill('APIキー', project.apiKey, dialog);
  await visit.fill('アクセストークン', 'test-wrong-token', dialog);
  await visit.fill('Bot ID', project.botId, dialog);
  await visit.fill('Client Secret', project.clientSecret, dialog);
  await visit.press('確認して保存', dialog);
  await visit.sees(dialog, 'KARTE がこのアクセストークンを受け付けません');
  expect(await (await visit.field('アクセストークン', dialog)).evaluate((field) => field.value)).toBe('');
  expect(await (await visit.field('APIキー', dialog)).evaluate((field) => field.value)).toBe(project.apiKey);

  await visit.fill('アクセストークン', project.accessToken, dialog);
  await visit.fill('Client Secret', project.clientSecret, dialog);
  await visit.press('確認して保存', dialog);
  await visit.sees(dialog, 'KARTE とつなぎました');
  await visit.press('閉じる', dialog);
  await visit.sees(hook('post'), 'KARTE とつなぎました');
  const posts = JSON.stringify((await s.product.state()).threads);
  expect(posts).toContain('KARTE とつなぎました');
  expect(posts).not.toContain(project.accessToken);
  expect(posts).not.toContain(project.clientSecret);
});

test('when KARTE refuses an answer, the thread says which scope is missing, and sending again works', async () => {
  const visit = await asked();
  await visit.press('障害を試す');
  await visit.page.select('#fault-side', 'karte');
  await visit.page.select('#fault-kind', '403');
  await visit.click('fault-add');
  await visit.sees(hook('fault-panel'), 'KARTE：HTTP 403（あと 1 回）');
  await visit.page.keyboard.press('Escape');
  await visit.write('thread', '本日発送しました。');
  await visit.sees(card, 'お客さまに送れませんでした');
  await visit.sees(card, 'talk.message.sendFromOperator');
  expect(await answersIn(visit)).toEqual([]);
  await visit.press('もう一度送る', card);
  await visit.sees(`${chat} .theirs`, '本日発送しました。');
  await visit.sees(card, '山田 花子 さんがもう一度送りました。');
  expect(await answersIn(visit)).toEqual(['本日発送しました。']);
});

test('a second operator answers in the same thread under their own name', async () => {
  const visit = await asked();
  await visit.write('thread', 'operator link op-yamada-0001');
  await visit.sees(hook('post'), 'と連携しました');
  await visit.page.locator('label::-p-text(佐藤 健)').click();
  await visit.write('thread', 'operator link op-sato-0002');
  await visit.sees(hook('post'), '佐藤 健 さんをオペレーター');
  await visit.write('thread', '佐藤が代わります。');
  await visit.sees(`${chat} .theirs`, '佐藤が代わります。');
  expect(await visit.read(`${chat} .theirs .name`)).toEqual(['佐藤']);
});
