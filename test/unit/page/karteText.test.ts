import { widgetMessage } from '../../../simulator/page/karteText.ts';

const plain = (text: string) => ({ text, title: '', buttons: [], links: [] });
const ticked = (value: unknown, ticks = '`') => `${ticks}${JSON.stringify(value)}${ticks}`;

test('an ordinary text stays the text it is', () => {
  for (const text of ['はい、承りました。', '', '`npm start` を実行', '{"title":"x"}', '**太字** <b>'])
    expect(widgetMessage(text)).toEqual(plain(text));
});

test('back-ticked JSON becomes a title, buttons and links', () => {
  const value = {
    title: 'ご用件',
    text: 'お選びください',
    buttons: [{ text: '返品' }, { value: '交換' }],
    links: [{ title: 'ご利用ガイド', url: 'https://shop.example.test/help' }],
  };
  const expected = { ...value, buttons: [{ text: '返品' }, { text: '交換' }] };
  expect(widgetMessage(ticked(value))).toEqual(expected);
  expect(widgetMessage(`\n ${ticked(value, '```')} `)).toEqual(expected);
});

test('a link without a title shows its address', () => {
  const { links } = widgetMessage(ticked({ links: [{ url: 'https://shop.example.test/cart' }] }));
  expect(links).toEqual([{ title: 'https://shop.example.test/cart', url: 'https://shop.example.test/cart' }]);
});

test('links that are no web addresses, and buttons that say nothing, are left out', () => {
  const links = ['javascript:alert(1)', 'data:text/html,x', ' https://example.test', '//example.test', ''];
  const raw = ticked({
    title: 'x',
    links: links.map((url) => ({ title: 'y', url })),
    buttons: [{}, { text: '' }, 7, null],
  });
  expect(widgetMessage(raw)).toEqual({ text: '', title: 'x', buttons: [], links: [] });
});

test('what is not quite the form stays text', () => {
  for (const raw of ['`{"title":}`', '`[1, 2]`', '`{"a":1}` と書きます', '`{"a":1}', '`"text"`'])
    expect(widgetMessage(raw)).toEqual(plain(raw));
});

test('fields of the wrong type count as missing', () => {
  expect(
    widgetMessage(ticked({ title: 7, text: ['x'], buttons: 'no', links: { url: 'https://example.test' } })),
  ).toEqual(plain(''));
});
