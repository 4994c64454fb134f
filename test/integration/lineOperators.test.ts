import { connectByForm, disconnect, say } from './connectionMoves.ts';
import { lineConversation, pushes } from './lineMoves.ts';
import { bodyOf, button, factsOf, idle, press, roomyStand, tell } from './moves.ts';
import { formOf } from './setupMoves.ts';
import { SATO, type Stand, shown, wordsOf, YAMADA } from './stand.ts';

let s: Stand;
beforeEach(async () => {
  s = await roomyStand();
  await connectByForm(s);
});
afterEach(() => s.close());

const rootOf = (threadId: string) => s.simulator.teams.threads().find(({ id }) => id === threadId)?.posts[0];

describe('in a channel without operators', () => {
  test('anybody can be the assignee: the card says so, and the next message mentions them', async () => {
    const { customer, thread } = await lineConversation(s);
    expect((await tell(s, SATO, { thread: thread.id, text: 'operator assign' })).words).toContain(SATO);
    await s.simulator.waitFor(() => factsOf(rootOf(thread.id)).担当?.includes(SATO));
    customer.write('担当の方へ');
    const post = await shown(s.simulator, thread.id, '担当の方へ');
    expect(JSON.stringify(post.attachments)).toContain(`<at>${SATO}</at>`);
    await tell(s, SATO, { thread: thread.id, text: 'operator unassign' });
    await s.simulator.waitFor(() => factsOf(rootOf(thread.id)).担当 === '未担当');
  });

  test('the form offers oneself and the admins, linked or not', async () => {
    const { thread } = await lineConversation(s);
    const root = rootOf(thread.id);
    const data = { madoguchi: 'assign', msteams: { type: 'task/fetch' } };
    const form = JSON.stringify(formOf(await s.simulator.teams.fetchTask(SATO, root?.id ?? '', data)));
    expect(form).toContain(SATO);
    expect(form).toContain(YAMADA);
    const id = s.simulator.state().people.find(({ name }) => name === SATO)?.aadObjectId;
    await s.simulator.teams.submitTask(SATO, root?.id ?? '', { madoguchi: 'assign', person: id });
    await s.simulator.waitFor(() => factsOf(rootOf(thread.id)).担当?.includes(SATO));
  });

  test('“mine” finds what is theirs', async () => {
    const { thread } = await lineConversation(s, '田中 一');
    await lineConversation(s, '鈴木 二');
    await tell(s, SATO, { thread: thread.id, text: 'operator assign' });
    const { posts } = await say(s, 'status', SATO);
    await press(s, SATO, posts[0], button(posts[0], '自分'));
    const words = wordsOf(
      s.simulator.teams
        .threads()
        .flatMap((one) => one.posts)
        .find(({ id }) => id === posts[0]?.id) as never,
    );
    expect(words).toContain('田中 一');
    expect(words).not.toContain('鈴木 二');
    expect(bodyOf(posts[0]).length).toBeGreaterThan(0);
  });

  test('the status is kept here, and their next words open it again', async () => {
    const { customer, thread } = await lineConversation(s);
    expect((await tell(s, SATO, { thread: thread.id, text: 'close' })).words).toContain('対応済み');
    customer.write('もう一つ');
    await shown(s.simulator, thread.id, 'もう一つ');
    await idle(s);
    expect((await s.store.conversations.find({})).map(({ value }) => value.status)).toEqual(['open']);
  });
});

describe('operator link', () => {
  test('beside KARTE it is KARTE’s operator, whose name LINE customers see too', async () => {
    await say(s, 'operator link op-sato-0002', SATO);
    const { customer, thread } = await lineConversation(s);
    await tell(s, SATO, { thread: thread.id, text: 'KARTE の名前で' });
    await s.simulator.waitFor(() => customer.texts.includes('KARTE の名前で'));
    const [link] = await s.store.operators.find({});
    const sent = pushes(s).at(-1)?.body as { messages: { sender?: { name: string } }[] };
    expect(sent.messages[0]?.sender?.name).toBe(link?.value.operatorName ?? SATO);
  });

  test('without KARTE it is the name that customers see', async () => {
    await disconnect(s, 'karte', '連携を解除');
    const { words } = await say(s, 'operator link サポート 佐藤', SATO);
    expect(words).toContain('サポート 佐藤');
    const { customer, thread } = await lineConversation(s);
    await tell(s, SATO, { thread: thread.id, text: '名前付き' });
    await s.simulator.waitFor(() => customer.texts.includes('名前付き'));
    const sent = pushes(s).at(-1)?.body as { messages: { sender?: { name: string } }[] };
    expect(sent.messages[0]?.sender?.name).toBe('サポート 佐藤');
  });
});
