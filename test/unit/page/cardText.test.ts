import fc from 'fast-check';
import { markdownHtml, withMentions, withValues } from '../../../simulator/page/cardText.ts';

const yamada = { type: 'mention', text: '<at>山田 花子</at>', mentioned: { id: '29:test', name: '山田 花子' } };
const cardOf = (...body: object[]) => ({ type: 'AdaptiveCard', msteams: { entities: [yamada] }, body });
const htmlOf = (text: string): string => {
  const [block] = withMentions(cardOf({ type: 'TextBlock', text })).body as [{ text: string }];
  return markdownHtml(block.text);
};

describe('mentions', () => {
  test('stand out in a TextBlock and in facts', () => {
    expect(htmlOf('<at>山田 花子</at> さん')).toBe('<span class="mention">山田 花子</span> さん');
    const { body } = withMentions(cardOf({ type: 'FactSet', facts: [{ title: '担当', value: yamada.text }] }));
    const [{ facts }] = body as [{ facts: [{ value: string }] }];
    expect(markdownHtml(facts[0].value)).toBe('<span class="mention">山田 花子</span>');
  });

  test('stay markup for the eye where no entity names them, and in verbatim runs', () => {
    expect(htmlOf('<at>佐藤 健</at>')).toBe('&lt;at&gt;佐藤 健&lt;/at&gt;');
    const run = { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: yamada.text }] };
    expect(withMentions(cardOf(run)).body).toEqual([run]);
  });

  test('cannot be forged with the marks that stand around them on the way', () => {
    expect(htmlOf('\uE000山田 花子\uE001')).toBe('山田 花子');
  });

  test('leave the card that was sent as it is', () => {
    const card = cardOf({ type: 'TextBlock', text: yamada.text });
    const before = structuredClone(card);
    withMentions(card);
    expect(card).toEqual(before);
  });

  test('are not expected: a card without entities, or with broken ones, is taken too', () => {
    for (const msteams of [undefined, {}, { entities: 'x' }, { entities: [null, {}, { text: 'a' }] }]) {
      const card = { type: 'AdaptiveCard', msteams, body: [{ type: 'TextBlock', text: 'a' }] };
      expect(withMentions(card).body).toEqual(card.body);
    }
  });
});

describe('Markdown', () => {
  test('bold, italic, links and line breaks are drawn', () => {
    expect(markdownHtml('**太字** と _斜体_\r\n次')).toBe('<strong>太字</strong> と <em>斜体</em><br>次');
    expect(markdownHtml('[案内](https://shop.example.test/a?b=1&c=2)')).toBe(
      '<a href="https://shop.example.test/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">案内</a>',
    );
  });

  test('names with underscores stay whole', () => {
    expect(markdownHtml('call_back_done と op_1_2')).toBe('call_back_done と op_1_2');
  });

  test('other schemes become no link', () => {
    expect(markdownHtml('[x](javascript:alert(1))')).not.toContain('<a');
  });

  test('never lets through a tag of its own making, whatever the text is', () => {
    const tags = /<(?!\/?(?:strong|em|a|span|br)\b)/;
    const attributes =
      /<(?!a href="https?:\/\/[^"<>]*" target="_blank" rel="noopener noreferrer">|span class="mention">|\/?\w+>)/;
    const pieces = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '**',
      '_',
      '[',
      ']',
      '(',
      ')',
      'https://',
      'x',
      ' ',
      '\n',
      '\uE000',
      '\uE001',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const html = markdownHtml(parts.join(''));
        expect(html).not.toMatch(tags);
        expect(html).not.toMatch(attributes);
      }),
      { numRuns: 2000 },
    );
  });
});

test('what a person typed comes back into the fields of a card that is drawn again', () => {
  const card = {
    body: [
      { type: 'Input.Text', id: 'apiKey', value: 'old' },
      { type: 'Container', items: [{ type: 'Input.Text', id: 'botId' }] },
      { type: 'TextBlock', id: 'apiKey', text: 'no field' },
      { type: 'Input.Text', id: 'untouched', value: 'stays' },
    ],
  };
  const { body } = withValues(card, { apiKey: 'typed', botId: '' });
  expect(body).toEqual([
    { type: 'Input.Text', id: 'apiKey', value: 'typed' },
    { type: 'Container', items: [{ type: 'Input.Text', id: 'botId', value: '' }] },
    { type: 'TextBlock', id: 'apiKey', text: 'no field' },
    { type: 'Input.Text', id: 'untouched', value: 'stays' },
  ]);
});
