import fc from 'fast-check';
import { mostBreaksIn, textOfHtml } from '../../src/teams/html.ts';

const pieces = [
  '<p>',
  '</p>',
  '<div>',
  '</div>',
  '<br>',
  '<br/>',
  '</br>',
  '<ul><li>',
  '</li>',
  '<pre>',
  '<h1>',
  '</h4>',
];
const html = fc.array(fc.oneof(fc.constantFrom(...pieces, 'words', ' ', '\n', '&nbsp;', '<b>', '</b>')), {
  maxLength: 12,
});

test('an html copy never has more line breaks than were counted without reading it', () => {
  fc.assert(
    fc.property(html, (parts) => {
      const source = parts.join('');
      expect(textOfHtml(source, []).split('\n').length - 1).toBeLessThanOrEqual(mostBreaksIn(source));
    }),
    { numRuns: 3_000 },
  );
});

test('one line in one paragraph is known to have none', () => {
  expect(mostBreaksIn('<p><span itemscope>KARTE</span>&nbsp;はい</p>')).toBe(0);
  expect(mostBreaksIn('<p>one</p><p>two</p>')).toBe(2);
});
