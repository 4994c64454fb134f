import { textOfHtml } from '../../src/teams/html.ts';
import { readSpoken } from '../../src/teams/spoken.ts';

const bot = { id: '28:bot', name: 'KARTE' };
const mention = (text: string, mentioned: object) => ({ type: 'mention', text, mentioned });

test('the bot’s own mention goes also when the client marks it in its own way', () => {
  const entities = [mention('<at>KARTE</at>', bot)];
  for (const text of ['<at>KARTE</at> help', '<at id="0">KARTE</at> help', '<at id="0">KARTE</at>&nbsp;help\n'])
    expect(readSpoken({ text, recipient: bot, entities } as never).text).toBe('help');
});

test('a colleague’s name is written as it is, whatever signs it has', () => {
  const name = '山田 $& $1';
  const text = `<at>KARTE</at> <at>${name}</at> さん`;
  const entities = [mention('<at>KARTE</at>', bot), mention(`<at>${name}</at>`, { id: '29:yamada', name })];
  expect(readSpoken({ text, recipient: bot, entities } as never)).toMatchObject({
    text: `@${name} さん`,
    mentioned: [{ name }],
  });
});

test('html nested beyond what any editor makes leaves the plain text to be read', () => {
  const html = `${'<div>'.repeat(50_000)}x`;
  expect(textOfHtml(html, [])).toBe('');
  const attachments = [{ contentType: 'text/html', content: html }];
  expect(readSpoken({ text: 'x', attachments, recipient: bot } as never).text).toBe('x');
});

test.each(['<at>', '<at ', '<quoted>', '<quoted '])(
  'a text made of a hundred thousand %s is read at once',
  (beginning) => {
    const begun = process.cpuUsage();
    readSpoken({
      text: beginning.repeat(100_000),
      recipient: bot,
      entities: [mention('<at>KARTE</at>', bot)],
    } as never);
    // It took 10 to 60 seconds when each beginning was looked at to the end of the text.
    const { user } = process.cpuUsage(begun);
    expect(user / 1_000).toBeLessThan(3_000);
  },
);
