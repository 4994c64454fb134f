import { validateCard, validateLocalization, validateManifest } from './schemas.ts';

const card = (content: object) => ({ type: 'AdaptiveCard', version: '1.5', ...content });
const mention = (text: string) => ({ type: 'mention', text, mentioned: { id: '29:aiko', name: 'Aiko' } });
const submit = { type: 'Action.Submit', title: 'Send again', data: { type: 'free data, not a card part' } };

describe('the card validator accepts', () => {
  const rightCards: [string, object][] = [
    [
      'a card with text, an input and buttons',
      {
        body: [
          { type: 'TextBlock', text: 'Hello', wrap: true, color: 'Attention' },
          {
            type: 'Input.Text',
            id: 'token',
            label: 'Access token',
            style: 'password',
            isRequired: true,
            errorMessage: 'Fill in',
          },
          {
            type: 'ActionSet',
            actions: [submit, { type: 'Action.OpenUrl', title: 'Open', url: 'https://example.com' }],
          },
        ],
      },
    ],
    [
      'a mention that stands in a text or a fact',
      {
        body: [{ type: 'FactSet', facts: [{ title: 'Assignee', value: '<at>Aiko</at>' }] }],
        msteams: { entities: [mention('<at>Aiko</at>')] },
      },
    ],
    [
      'text of an end user that looks like a mention, as a text run',
      {
        body: [{ type: 'RichTextBlock', inlines: ['plain', { type: 'TextRun', text: '<at>Aiko</at> **hi**' }] }],
      },
    ],
    [
      'an input named by the text right before it',
      {
        body: [
          { type: 'TextBlock', text: 'Name' },
          { type: 'Input.Text', id: 'name' },
        ],
      },
    ],
    [
      'a fallback with the id of what it stands in for',
      {
        body: [{ type: 'Table', id: 'list', fallback: { type: 'TextBlock', id: 'list', text: 'List' } }],
      },
    ],
  ];
  test.each(rightCards)('%s', (_, content) => {
    expect(validateCard(card(content))).toEqual([]);
  });
});

describe('the card validator refuses', () => {
  const wrongCards: [string, object, string][] = [
    ['an unknown element', { body: [{ type: 'Blink', text: 'x' }] }, '/body/0: unknown type "Blink"'],
    ['an element without a type', { body: [{ text: 'x' }] }, '/body/0: needs a type'],
    [
      'an element without what it needs',
      { body: [{ type: 'TextBlock' }] },
      "/body/0: must have required property 'text'",
    ],
    [
      'a property nobody knows',
      { body: [{ type: 'TextBlock', text: 'x', colour: 'good' }] },
      '/body/0: must not have "colour"',
    ],
    [
      'a colour that does not exist, even one with a real one inside',
      { body: [{ type: 'TextBlock', text: 'x', color: 'lighthouse' }] },
      '/body/0/color: must be one of default, dark, light, accent, good, warning, attention',
    ],
    [
      'a number for a word',
      { body: [{ type: 'TextBlock', text: 'x', size: 3 }] },
      '/body/0/size: must be one of default, small, medium, large, extraLarge',
    ],
    [
      'a fault deep inside',
      {
        body: [
          {
            type: 'ColumnSet',
            columns: [{ type: 'Column', items: [{ type: 'Container', items: [{ type: 'Nope' }] }] }],
          },
        ],
      },
      '/body/0/columns/0/items/0/items/0: unknown type "Nope"',
    ],
    [
      'an action that bots do not have',
      { actions: [{ type: 'Action.Http', title: 'x' }] },
      '/actions/0: unknown type "Action.Http"',
    ],
    [
      'a card that opens behind a tap',
      { body: [{ type: 'Container', items: [], selectAction: { type: 'Action.ShowCard', title: 'x' } }] },
      '/body/0/selectAction: unknown type "Action.ShowCard"',
    ],
    [
      'an action without a title',
      { actions: [{ type: 'Action.Submit' }] },
      '/actions/0/title: an action needs a title',
    ],
    ['a version that Teams does not show', { version: '1.6' }, '/version: Teams renders bot cards up to "1.5"'],
    ['a card without a version', { version: undefined }, '/version: must be given, "1.5" at most'],
    ['a card without its type', { type: undefined }, '/type: must be "AdaptiveCard"'],
    [
      'a card too large for every client',
      { body: [{ type: 'TextBlock', text: '窓'.repeat(13_000) }] },
      '/: has 26158 bytes in UTF-16, 25600 at most',
    ],
    [
      'a mention that no text holds',
      { body: [{ type: 'TextBlock', text: 'Aiko' }], msteams: { entities: [mention('<at>Aiko</at>')] } },
      '/msteams/entities/0/text: stands in no text of the card',
    ],
    [
      'a mention in a text run, where Teams shows none',
      {
        body: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '<at>Aiko</at>' }] }],
        msteams: { entities: [mention('<at>Aiko</at>')] },
      },
      '/msteams/entities/0/text: stands in no text of the card',
    ],
    [
      'a mention of nobody',
      { body: [{ type: 'TextBlock', text: 'Ask <at>Aiko</at>' }] },
      '/msteams/entities: nobody is mentioned by <at>Aiko</at>',
    ],
    [
      'a mention without an id',
      {
        body: [{ type: 'TextBlock', text: '<at>Aiko</at>' }],
        msteams: { entities: [{ type: 'mention', text: '<at>Aiko</at>', mentioned: { name: 'Aiko' } }] },
      },
      '/msteams/entities/0: must be a mention with an id and a name',
    ],
    [
      'the same id twice',
      {
        body: [
          { type: 'TextBlock', id: 'a', text: 'x' },
          { type: 'Container', items: [{ type: 'TextBlock', id: 'a', text: 'y' }] },
        ],
      },
      '/body/1/items/0/id: "a" is also the id of /body/0',
    ],
    [
      'an input without a label',
      { body: [{ type: 'Input.Text', id: 'name' }] },
      '/body/0/label: an input needs a label, or a TextBlock right before it',
    ],
    [
      'a required input that cannot say what is missing',
      { body: [{ type: 'Input.Text', id: 'name', label: 'Name', isRequired: true }] },
      '/body/0/errorMessage: a required input has to say what is missing',
    ],
    [
      'a link that runs a script',
      { actions: [{ type: 'Action.OpenUrl', title: 'x', url: 'javascript:alert(1)' }] },
      '/actions/0/url: must be a web address',
    ],
    [
      'an image over plain http',
      { body: [{ type: 'Image', url: 'http://example.com/a.png' }] },
      '/body/0/url: must be https or data',
    ],
    ['media', { body: [{ type: 'Media', sources: [] }] }, '/body/0: Teams does not show Media'],
    [
      'a refresh for more people than Teams refreshes',
      {
        refresh: {
          action: { type: 'Action.Execute', title: 'Refresh' },
          userIds: Array.from({ length: 61 }, (_, n) => `29:${n}`),
        },
      },
      '/refresh/userIds: has 61 people, 60 at most',
    ],
  ];
  test.each(wrongCards)('%s, and says only that', (_, content, line) => {
    expect(validateCard(card(content))).toEqual([line]);
  });

  test.each([null, undefined, 'a card', ['a card']])('what is no object: %p', (json) => {
    expect(validateCard(json)).toEqual(['/: must be an Adaptive Card object']);
  });
});

test('the manifest validator names each fault', () => {
  expect(validateManifest({ manifestVersion: '1.24', id: 'no guid', extra: true })).toEqual(
    expect.arrayContaining([
      "/: must have required property 'developer'",
      '/: must not have "extra"',
      '/manifestVersion: must be equal to constant',
      expect.stringMatching(/^\/id: must match pattern/),
    ]),
  );
});

test('the language file validator names each fault', () => {
  const lines = validateLocalization({
    'name.short': 'x'.repeat(31),
    'description.short': 'short',
    'bots[0].commandLists[3].commands[0].title': 'a fourth list',
  });
  expect(lines.toSorted()).toEqual([
    "/: must have required property 'description.full'",
    '/: must not have "bots[0].commandLists[3].commands[0].title"',
    '/name.short: must NOT have more than 30 characters',
  ]);
});
