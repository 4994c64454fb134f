import { bytesOf, picture } from '../fixtures/pictures.ts';
import { connectLine, lineConversation } from './lineMoves.ts';
import { buttonsOf, idle, roomyStand, tell, until } from './moves.ts';
import { imagesOf, opened } from './pictureMoves.ts';
import { runsOf, SATO, type Stand, wordsOf } from './stand.ts';

const MP4 = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42', 'latin1'), Buffer.alloc(5_000, 1)]);
const file = (name: string, type: string, bytes: Buffer) => ({ name, type, bytes });

describe('what a customer sends by LINE beside words', () => {
  let s: Stand;
  beforeAll(async () => {
    s = await roomyStand();
    await connectLine(s);
  });
  afterAll(() => s.close());

  const linkOf = (post: Parameters<typeof buttonsOf>[0]) => (buttonsOf(post)[0] as unknown as { url: string }).url;

  test('is shown where it is a picture', async () => {
    const { customer, thread } = await lineConversation(s, '写真 一子');
    customer.picture(picture());
    const post = await until(() => thread.posts.find((one) => imagesOf(one).length > 0));
    expect((await opened(s, imagesOf(post)[0]?.url)).bytes).toEqual(bytesOf('png'));
  });

  test('can be saved where it is a document or a video, also one that LINE is still preparing', async () => {
    const { customer, thread } = await lineConversation(s, '動画 二郎');
    const mp4 = file('a.mp4', 'video/mp4', MP4);
    const { message } = customer.video(mp4, { durationMs: 12_000, preparation: 'processing' });
    await until(() => s.simulator.line.calls.some(({ path }) => path.endsWith(`/${message.id}/content`)));
    customer.prepared(message);
    const video = await until(() => thread.posts.find((one) => wordsOf(one).includes('動画 (12 秒, 5 KB)')));
    const got = await opened(s, linkOf(video));
    expect([got.status, got.bytes.equals(MP4), got.headers.get('content-type')]).toEqual([200, true, 'video/mp4']);
    expect(got.headers.get('content-disposition')).toMatch(/^attachment;/);
    customer.file(file('見積.xlsx', 'application/zip', Buffer.from('PK\x03\x04 test')));
    const sheet = await until(() => thread.posts.find((one) => runsOf(one).join().includes('見積.xlsx (9 B)')));
    const saved = await opened(s, linkOf(sheet));
    expect(saved.headers.get('content-disposition')).toContain(encodeURIComponent('見積.xlsx'));
  });

  test('reads well where it is a sticker or a place', async () => {
    const { customer, thread } = await lineConversation(s, '場所 三枝');
    customer.location({ latitude: 35.68, longitude: 139.76, title: '東京駅' });
    const place = await until(() => thread.posts.find((one) => runsOf(one).includes('位置情報：東京駅')));
    expect(linkOf(place)).toBe('https://www.google.com/maps/search/?api=1&query=35.680000,139.760000');
    customer.sticker();
    await until(() => thread.posts.find((one) => runsOf(one).some((run) => run.startsWith('スタンプ：'))));
  });

  test('and gets as a picture what the operator pasted, in a form that LINE takes', async () => {
    const { customer, thread } = await lineConversation(s, '返信 四葉');
    await tell(s, SATO, { thread: thread.id, text: 'こちらです', pictures: [picture('webp')] });
    await until(() => customer.received.length === 2);
    await idle(s);
    const [, image] = customer.received.map(({ content }) => content);
    expect(image).toMatchObject({ type: 'image' });
    const { headers, bytes } = await opened(s, String(image?.originalContentUrl));
    expect([headers.get('content-type'), bytes.subarray(0, 2).toString('hex')]).toEqual(['image/jpeg', 'ffd8']);
    expect(thread.posts.filter(({ targetedTo }) => targetedTo !== undefined)).toEqual([]);
  });
});
