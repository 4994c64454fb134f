import { enclosedIn } from '../../src/teams/enclosed.ts';

const AT = 'https://smba.trafficmanager.net/jp/v3/attachments/0-jp-d1/views/original';
const html = (content: string) => ({ contentType: 'text/html', content });
const read = (content: string, ...attachments: object[]) =>
  enclosedIn([...attachments, html(content)] as Parameters<typeof enclosedIn>[0], content);

test('words alone enclose nothing, and neither do emoji', () => {
  expect(read('<p>文</p>')).toEqual({ pictures: [], unsent: [] });
  expect(read('<p><img alt="🙇" itemtype="http://schema.skype.com/Emoji" src="https://x.test/e.png"></p>')).toEqual({
    pictures: [],
    unsent: [],
  });
});

test('a pasted picture is its attachment, or where there is none the tag in the html', () => {
  const tag = `<p><img src="${AT}" itemtype="http://schema.skype.com/AMSImage"></p>`;
  expect(read(tag, { contentType: 'image/*', contentUrl: AT, name: 'image.png' })).toEqual({
    pictures: [{ url: AT, name: 'image.png' }],
    unsent: [],
  });
  expect(read(tag)).toEqual({ pictures: [{ url: AT, name: '' }], unsent: [] });
});

test('a picture that lies elsewhere is none that Teams hands over', () => {
  expect(read('<img src="https://media.giphy.example.test/cat.gif">')).toEqual({ pictures: [], unsent: [''] });
  expect(read('<img src="data:image/png;base64,AAAA"><img>')).toEqual({ pictures: [], unsent: ['', ''] });
});

test('files are told by their marks, by name where it is told', () => {
  expect(read('<p>文</p><attachment id="1"></attachment><attachment id="2" name="b.pdf"></attachment>')).toEqual({
    pictures: [],
    unsent: ['', 'b.pdf'],
  });
  const reference = { contentType: 'reference', contentUrl: 'https://sp.example.test/a.pdf', name: 'a.pdf' };
  expect(read('<attachment id="1"></attachment>', reference)).toEqual({ pictures: [], unsent: ['a.pdf'] });
});

test('what somebody made up is data', () => {
  const deep = '<attachment>'.repeat(5_000);
  expect(read(deep).unsent.length).toBeLessThan(300);
  expect(read(`<attachment id="1">${'長'.repeat(500)}</attachment>`).unsent[0]?.length).toBe(101);
  expect(read('', { contentType: 'image/png', contentUrl: 42 }, { contentType: null }, { name: {} })).toEqual({
    pictures: [],
    unsent: ['', '', ''],
  });
});

test('more pictures than anybody sends in one message are named and not sent', () => {
  const many = Array.from({ length: 12 }, (_, at) => ({ contentType: 'image/png', contentUrl: `${AT}?${at}` }));
  const { pictures, unsent } = read('', ...many);
  expect([pictures.length, unsent.length]).toEqual([10, 2]);
});
