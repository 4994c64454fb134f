import { faintTexts, outOfView, smallTargets } from './measures.ts';
import { stage } from './stage.ts';
import { hook, type Visit } from './visit.ts';

const chat = hook('customer-messages');
const card = `${hook('thread')} ${hook('card')} .ac-adaptiveCard`;
const s = stage();

/** A conversation with everything in it that the product shows: facts, a question with buttons, a failure, help. */
async function conversation(): Promise<void> {
  const { control, state } = s.product;
  const [operator] = (await state()).people;
  const { id } = await control<{ id: string }>('customers', {
    kind: 'member',
    user_id: 'member-1001',
    name: '伊藤 さくら',
  });
  const page = `https://shop.example.test/search?q=${'long-'.repeat(40)}`;
  await control(`customers/${id}/messages`, { text: `こんにちは。\n${'w'.repeat(200)}`, page });
  const postsOf = async () => (await state()).threads[0]?.posts ?? [];
  const grown = async (count: number) => {
    while ((await postsOf()).length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await grown(2);
  const threadId = (await state()).threads[0]?.id;
  const say = (text: string) =>
    control(`operators/${encodeURIComponent(operator?.id ?? '')}/messages`, { threadId, text, mentionBot: true });
  await say('operater assign');
  await grown(4);
  await control('faults', { side: 'karte', method: 'POST', status: 403 });
  await say('お調べします。');
  await grown(6);
}

test('the page notices what breaks its rules: a foreign request is refused, and this test sees it', async () => {
  const visit = await s.visit();
  const refused = await visit.page.evaluate(() =>
    fetch('https://example.com/').then(
      () => false,
      () => true,
    ),
  );
  expect(refused).toBe(true);
  expect(visit.problems.join('\n')).toMatch(/Content Security Policy|foreign request/);
  visit.problems.length = 0;
});

test('the measures below see a wide box, a tiny button and a faint word', async () => {
  const visit = await s.visit();
  await visit.page.addStyleTag({
    content: `#customer-title { position: fixed; left: 0; width: 200vw; color: #99999980 }
      ${hook('add-visitor')} { width: 10px; min-width: 0; padding: 0; overflow: hidden; outline: none !important }`,
  });
  expect(await visit.page.evaluate(outOfView)).toContainEqual(expect.stringContaining('H2'));
  expect(await visit.page.evaluate(faintTexts)).toContainEqual(expect.stringContaining('お客さま'));
  expect(await visit.page.evaluate(smallTargets, 24)).toContainEqual(expect.stringContaining('BUTTON'));
  await visit.tabTo(hook('add-visitor'));
  expect(visit.stops.at(-1)).toEqual({ name: 'BUTTON add-visitor', ring: false });
});

test('both sides can be played with the keyboard alone, and it always shows where one is', async () => {
  const visit = await s.visit();
  const { keyboard } = visit.page;
  const { stops } = visit;
  await visit.tabTo(hook('customer-composer'));
  await keyboard.sendCharacter('キーボードだけで書いています。');
  await keyboard.press('Enter');
  await visit.sees(card, 'キーボードだけで書いています。');
  await visit.tabTo(hook('thread-composer'));
  await keyboard.sendCharacter('承知しました。');
  await keyboard.press('Enter');
  await visit.sees(`${chat} .theirs`, '承知しました。');
  await keyboard.sendCharacter('operater assign');
  await keyboard.press('Enter');
  await visit.sees(card, '送信を止めました');
  await keyboard.down('Shift');
  await visit.tabTo('[title="やめる"], .ac-actionSet > button:last-child');
  await keyboard.up('Shift');
  await keyboard.press('Enter');
  await visit.sees(card, 'さんがやめました。');
  expect(stops.filter(({ ring }) => !ring)).toEqual([]);
});

test('a person to mention is chosen with arrows and Enter', async () => {
  const visit = await s.visit();
  await visit.page.locator(hook('channel-composer')).click();
  await visit.page.keyboard.type('@');
  await visit.sees('[role=option]', '佐藤 健');
  await visit.page.keyboard.press('ArrowDown');
  await visit.page.keyboard.press('Enter');
  await visit.page.keyboard.type('hi');
  await visit.page.keyboard.press('Enter');
  await visit.sees(hook('post'), '@佐藤 健 hi');
});

test('nothing runs out of the window, and everything can be hit with a finger, from a wide screen to a narrow phone', async () => {
  await conversation();
  const visit = await s.visit();
  for (const width of [1280, 900, 390, 320]) {
    await visit.page.setViewport({ width, height: 800 });
    for (const side of width > 600 ? ['both'] : ['customer', 'teams']) {
      if (side !== 'both') await visit.click(`tab-${side}`);
      if (side !== 'teams') await visit.sees(chat, 'こんにちは。');
      if (side !== 'customer') await visit.sees(card, 'お客さまに送れませんでした');
      const [out, small] = [await visit.page.evaluate(outOfView), await visit.page.evaluate(smallTargets, 24)];
      expect({ width, side, out, small }).toEqual({ width, side, out: [], small: [] });
    }
  }
});

test('a phone shows one side at a time, and a dot tells that the other side has news', async () => {
  const visit = await s.visit({ width: 390, height: 844 });
  const shown = () =>
    visit.page.$$eval('#customer, #teams', (all) => all.flatMap((side) => (side.checkVisibility() ? side.id : [])));
  expect(await shown()).toEqual(['customer']);
  await visit.write('customer', 'スマートフォンからです。');
  await visit.page.locator(`${hook('tab-teams')} [aria-label="新着があります"]`).wait();
  await visit.click('tab-teams');
  expect(await shown()).toEqual(['teams']);
  await visit.sees(card, 'スマートフォンからです。');
  await visit.write('thread', '承りました。');
  await visit.page.locator(`${hook('tab-customer')} [aria-label="新着があります"]`).wait();
  await visit.click('tab-customer');
  await visit.sees(`${chat} .theirs`, '承りました。');
});

test('the language changes at once, keeps what was being written, and stays', async () => {
  await conversation();
  const visit = await s.visit();
  const { page } = visit;
  const draft = () => page.$eval(hook('customer-composer'), (field) => (field as HTMLTextAreaElement).value);
  const lang = () => page.$eval('html', (html) => html.lang);
  expect([await page.title(), await lang()]).toEqual(['Madoguchi シミュレーター', 'ja']);
  await page.locator(hook('customer-composer')).click();
  await page.keyboard.sendCharacter('書きかけ');
  await visit.click('language-switch');
  await visit.sees('#customer', 'Customers');
  expect([await page.title(), await lang(), await draft()]).toEqual(['Madoguchi Simulator', 'en', '書きかけ']);
  await page.reload();
  await visit.sees('#customer', 'Customers');
  await visit.click('language-switch');
  await visit.sees('#customer', 'お客さま');
});

test('every text has enough contrast, in light and in dark colours', async () => {
  await conversation();
  const visit = await s.visit();
  await visit.sees(card, 'お客さまに送れませんでした');
  await visit.press('障害を試す');
  const backgrounds = new Set<string>();
  for (const value of ['light', 'dark']) {
    // Without motion the colours are there at once, not on their way.
    const still = { name: 'prefers-reduced-motion', value: 'reduce' };
    await visit.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }, still]);
    expect({ value, faint: await visit.page.evaluate(faintTexts) }).toEqual({ value, faint: [] });
    backgrounds.add(await visit.page.$eval('#teams', (side) => getComputedStyle(side).backgroundColor));
  }
  expect(backgrounds.size).toBe(2);
});

test('arriving messages do not push around what a person is reading', async () => {
  await conversation();
  const visit = await s.visit();
  await visit.sees(card, 'お客さまに送れませんでした');
  await visit.page.evaluate(() => document.fonts.ready.then(() => undefined));
  await visit.page.evaluate(watchShifts);
  const [customer] = (await s.product.state()).customers;
  for (const text of ['もしもし', 'まだでしょうか', '急いでいます']) {
    await s.product.control(`customers/${customer?.id}/messages`, { text });
    await visit.sees(card, text);
  }
  expect(await visit.page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)).toEqual([]);
});

interface Shift extends PerformanceEntry {
  value: number;
  sources: { node: Node | null }[];
}

/** Keeps every layout shift from now on that no click or key of the person explains. */
function watchShifts(): void {
  const shifts: string[] = [];
  Object.assign(window, { shifts });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Shift[])
      shifts.push(`${entry.value} ${entry.sources.map(({ node }) => (node as Element | null)?.className).join(', ')}`);
  }).observe({ type: 'layout-shift' });
}

test('everything one can operate has a name, and the page has its landmarks', async () => {
  await conversation();
  const visit = await s.visit();
  await visit.sees(card, 'お客さまに送れませんでした');
  await visit.press('障害を試す');
  await visit.press('KARTE の管理画面');
  const nodes = await everyNode(visit);
  const operated = nodes.filter(({ role }) =>
    /^(button|link|textbox|combobox|checkbox|radio|spinbutton|listbox)$/.test(role),
  );
  expect(operated.length).toBeGreaterThan(30);
  expect(operated.filter(({ name }) => !name?.trim())).toEqual([]);
  const landmarks = nodes.filter(({ role }) => /^(banner|main|complementary|region)$/.test(role));
  expect(landmarks.map(({ role, name }) => `${role} ${name ?? ''}`.trim())).toEqual(
    expect.arrayContaining([
      'banner',
      'main',
      'complementary はじめての方へ',
      'region お客さま',
      'region サポート窓口',
    ]),
  );
  expect(nodes.filter(({ role }) => role === 'log').map(({ name }) => name)).toEqual(['チャットの内容']);
});

async function everyNode({ page }: Visit): Promise<{ role: string; name?: string }[]> {
  type Node = { role: string; name?: string; children?: Node[] };
  const root = (await page.accessibility.snapshot({ interestingOnly: false })) as Node | null;
  const flat = (node: Node): { role: string; name?: string }[] => [
    { role: node.role, name: node.name },
    ...(node.children ?? []).flatMap(flat),
  ];
  return root ? flat(root) : [];
}
