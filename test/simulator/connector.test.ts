import type { Stand } from './stand.ts';
import { card, conversation, newThread, stand } from './stand.ts';

let site: Stand;
beforeEach(async () => {
  site = await stand({ enforceLimits: false });
});
afterEach(() => site.close());

const channelId = () => site.simulator.teams.channel('返品・交換').id;
const startThread = async (activity?: unknown) => {
  const answer = await site.teams('POST', '/conversations', newThread(channelId(), activity));
  return { ...answer, thread: site.simulator.teams.threads().at(-1) };
};
const text = (value: string, more: object = {}) => ({ type: 'message', text: value, ...more });

describe('threads', () => {
  test('a new conversation in a Teams channel is a thread, told by its id and its root', async () => {
    const { status, body } = await startThread();
    expect(status).toBe(201);
    expect(body.id).toBe(`${channelId()};messageid=${body.activityId}`);
    expect(site.simulator.teams.threads('返品・交換')).toMatchObject([
      { rootId: body.activityId, posts: [{ text: 'root' }] },
    ]);
  });

  test.each([
    ['isGroup', { isGroup: undefined }],
    ['the channel', { channelData: {} }],
    ['an activity', { activity: undefined }],
  ])('a new conversation without %s is refused', async (_, change) => {
    const { status, body } = await site.teams('POST', '/conversations', { ...newThread(channelId()), ...change });
    expect(status).toBe(400);
    expect(body.error.code).toBe('Bad Argument');
  });

  test('a new conversation of another tenant is refused', async () => {
    const foreign = { ...newThread(channelId()), tenantId: '11111111-1111-4111-8111-111111111111' };
    expect(await site.teams('POST', '/conversations', foreign)).toMatchObject({ status: 403 });
  });

  test('only the suffix of the conversation id chooses the thread, replyToId and a path below do not', async () => {
    const first = await startThread();
    const second = await startThread();
    const into = await site.teams(
      'POST',
      conversation(second.body.id),
      text('a', { replyToId: first.body.activityId }),
    );
    const below = `activities/${first.body.activityId}`;
    const bare = await site.teams(
      'POST',
      conversation(channelId(), below),
      text('b', { replyToId: first.body.activityId }),
    );
    expect([into.status, bare.status]).toEqual([201, 201]);
    const threads = site.simulator.teams.threads('返品・交換').map(({ posts }) => posts.map((post) => post.text));
    expect(threads).toEqual([['root'], ['root', 'a'], ['b']]);
  });

  test('an unknown conversation, thread or deleted Teams channel is not found', async () => {
    const { body } = await startThread();
    const unknown = [`${channelId()};messageid=1`, '19:nobody@thread.tacv2'];
    for (const id of unknown) {
      expect(await site.teams('POST', conversation(id), text('x'))).toMatchObject({
        status: 404,
        body: { error: { code: 'ConversationNotFound' } },
      });
    }
    site.simulator.teams.deleteChannel('返品・交換');
    expect(await site.teams('POST', conversation(body.id), text('x'))).toMatchObject({ status: 404 });
  });

  test('a thread whose root a person deleted is not found any more', async () => {
    const { thread } = site.simulator.teams.say('山田 花子', { channel: channelId(), text: 'hello' });
    expect(await site.teams('POST', conversation(thread.id), text('x'))).toMatchObject({ status: 201 });
    site.simulator.teams.delete('山田 花子', thread.rootId);
    expect(await site.teams('POST', conversation(thread.id), text('x'))).toMatchObject({ status: 404 });
  });

  test('without the app every conversation is forbidden', async () => {
    const { body } = await startThread();
    site.simulator.teams.uninstall();
    const calls = [
      site.teams('POST', '/conversations', newThread(channelId())),
      site.teams('POST', conversation(body.id), text('x')),
      site.teams('GET', conversation(channelId(), 'pagedMembers')),
      site.teams('GET', `/teams/${encodeURIComponent(site.simulator.state().team.id)}`),
    ];
    for (const answer of await Promise.all(calls)) {
      expect(answer).toMatchObject({ status: 403, body: { error: { code: 'BotNotInConversationRoster' } } });
    }
  });
});

describe('parts', () => {
  test('text and a card in one activity are split, and no id comes back', async () => {
    const { body } = await startThread();
    const answer = await site.teams('POST', conversation(body.id), text('look', { attachments: [card()] }));
    expect(answer).toMatchObject({ status: 202, text: '' });
    const [, ...parts] = site.simulator.teams.threads()[0]?.posts ?? [];
    expect(parts).toMatchObject([{ text: 'look', attachments: [] }, { attachments: [{}] }]);
    expect(new Set(parts.map(({ splitFrom }) => splitFrom)).size).toBe(1);
  });

  test('text and a card cannot start a conversation together', async () => {
    expect(await startThread(text('look', { attachments: [card()] }))).toMatchObject({ status: 400 });
    expect(await startThread({ type: 'message', attachments: [card()] })).toMatchObject({ status: 201 });
  });

  test('100 KB count in UTF-16 and without base64 images', async () => {
    const { body } = await startThread();
    const send = (activity: unknown) => site.teams('POST', conversation(body.id), activity);
    expect(await send(text('あ'.repeat(51_000)))).toMatchObject({ status: 201 });
    expect(await send(text('あ'.repeat(51_300)))).toMatchObject({
      status: 413,
      body: { error: { code: 'MessageSizeTooBig' } },
    });
    const image = { contentType: 'image/png', contentUrl: `data:image/png;base64,${'A'.repeat(300_000)}` };
    expect(await send({ type: 'message', attachments: [image] })).toMatchObject({ status: 201 });
    const large = { contentType: 'image/png', contentUrl: `data:image/png;base64,${'A'.repeat(1_500_000)}` };
    expect(await send({ type: 'message', attachments: [large] })).toMatchObject({ status: 400 });
  });

  test.each([
    ['nothing in it', { type: 'message' }],
    ['a card newer than 1.5', { type: 'message', attachments: [card([], { version: '1.6' })] }],
    ['an attachment nobody knows', { type: 'message', attachments: [{ contentType: 'application/pdf' }] }],
    [
      'an image by plain http',
      { type: 'message', attachments: [{ contentType: 'image/png', contentUrl: 'http://a.test/' }] },
    ],
    ['a type it cannot have', { type: 'nonsense', text: 'x' }],
  ])('an activity with %s is a bad argument', async (_, activity) => {
    const { body } = await startThread();
    expect(await site.teams('POST', conversation(body.id), activity)).toMatchObject({ status: 400 });
  });
});

describe('mentions', () => {
  const mention = (id: string, marker: string) => ({ type: 'mention', text: marker, mentioned: { id, name: 'n' } });

  test('a mention is real only when its text stands in the activity and it names a member by the 29: id', async () => {
    const sato = site.simulator.teams.person('佐藤 健');
    const outsider = site.simulator.teams.person('外部 太郎');
    const good = '<at>佐藤 健</at>';
    const entities = [
      mention(sato.id, good),
      mention(sato.id, '<at>佐藤</at>'),
      mention(outsider.id, good),
      mention(sato.aadObjectId, good),
    ];
    await startThread(text(`${good} please`, { entities }));
    const [post] = site.simulator.teams.botPosts();
    expect(post?.mentions).toEqual([{ id: sato.id, name: 'n', text: good }]);
    expect(post?.droppedMentions).toEqual(['<at>佐藤</at>', good, good]);
  });

  test('cards mention through msteams.entities, by object id too', async () => {
    const { id, aadObjectId } = site.simulator.teams.person('佐藤 健');
    const marker = '<at>佐藤</at>';
    const msteams = { entities: [mention(aadObjectId, marker), mention(id, '<at>missing</at>')] };
    await startThread({
      type: 'message',
      attachments: [card([{ type: 'TextBlock', text: `hi ${marker}` }], { msteams })],
    });
    const [post] = site.simulator.teams.botPosts();
    expect(post).toMatchObject({ mentions: [{ id, text: marker }], droppedMentions: ['<at>missing</at>'] });
  });
});

describe('own messages', () => {
  test('the bot changes and deletes its own, other people are not its own, unknown ones are not found', async () => {
    const { body } = await startThread();
    const { post } = site.simulator.teams.say('佐藤 健', { thread: body.id, text: 'mine' });
    const at = (id: string) => conversation(body.id, `activities/${id}`);
    expect(await site.teams('PUT', at(body.activityId), text('changed'))).toMatchObject({ status: 200 });
    expect(site.simulator.teams.botPosts()).toMatchObject([{ text: 'changed', editedAt: expect.any(String) }]);
    for (const method of ['PUT', 'DELETE']) {
      const activity = method === 'PUT' ? text('x') : undefined;
      expect(await site.teams(method, at(post.id), activity)).toMatchObject({
        status: 403,
        body: { error: { code: 'NotEnoughPermissions' } },
      });
      expect(await site.teams(method, at('17'), activity)).toMatchObject({
        status: 404,
        body: { error: { code: 'ActivityNotFoundInConversation' } },
      });
    }
    const { body: reply } = await site.teams('POST', conversation(body.id), text('bye'));
    expect(await site.teams('DELETE', at(reply.id))).toMatchObject({ status: 200 });
    expect(await site.teams('DELETE', at(reply.id))).toMatchObject({ status: 404 });
  });

  test('the bot reacts and takes it back, once each however often it asks', async () => {
    const { thread, post } = site.simulator.teams.say('佐藤 健', { channel: channelId(), text: 'hi' });
    const path = conversation(thread.id, `activities/${post.id}/reactions/like`);
    await site.teams('PUT', path);
    await site.teams('PUT', path);
    expect(post.reactions).toEqual([{ type: 'like', by: [site.simulator.state().bot.id] }]);
    await site.teams('DELETE', path);
    expect(post.reactions).toEqual([]);
  });

  test('a targeted message needs a member and is marked as seen by that one only', async () => {
    const { body } = await startThread();
    const path = `${conversation(body.id)}?isTargetedActivity=true`;
    const { id } = site.simulator.teams.person('佐藤 健');
    const outsider = site.simulator.teams.person('外部 太郎');
    expect(await site.teams('POST', path, text('psst', { recipient: { id } }))).toMatchObject({ status: 201 });
    expect(site.simulator.teams.botPosts().at(-1)).toMatchObject({ text: 'psst', targetedTo: id });
    expect(await site.teams('POST', path, text('psst'))).toMatchObject({ status: 400 });
    expect(await site.teams('POST', path, text('psst', { recipient: { id: outsider.id } }))).toMatchObject({
      status: 400,
    });
  });
});

describe('the roster', () => {
  test('members are found by either id, strangers are not, and nobody is marked as owner', async () => {
    const { id, aadObjectId } = site.simulator.teams.person('山田 花子');
    const outsider = site.simulator.teams.person('外部 太郎');
    for (const key of [id, aadObjectId]) {
      const { body } = await site.teams('GET', conversation(channelId(), `members/${encodeURIComponent(key)}`));
      expect(body).toMatchObject({ id, aadObjectId, objectId: aadObjectId, userRole: 'user', surname: '山田' });
      expect(body).not.toHaveProperty('owner');
    }
    expect(
      await site.teams('GET', conversation(channelId(), `members/${encodeURIComponent(outsider.id)}`)),
    ).toMatchObject({
      status: 404,
      body: { error: { code: 'MemberNotFoundInConversation' } },
    });
  });

  test('somebody who left the team is a stranger', async () => {
    const { id } = site.simulator.teams.person('佐藤 健');
    site.simulator.teams.removeMember(id);
    expect(await site.teams('GET', conversation(channelId(), `members/${encodeURIComponent(id)}`))).toMatchObject({
      status: 404,
    });
  });

  test('paged members come in pages of at least 50', async () => {
    for (let i = 0; i < 60; i++) site.simulator.teams.team.addPerson(`person${i}`, '田中', `${i}`);
    const path = conversation(channelId(), 'pagedMembers?pageSize=10');
    const first = await site.teams('GET', path);
    expect(first.body.members).toHaveLength(50);
    const second = await site.teams('GET', `${path}&continuationToken=${first.body.continuationToken}`);
    expect(second.body.members).toHaveLength(13);
    expect(second.body.continuationToken).toBeUndefined();
  });

  test('the team tells its channels, General with an empty name and the id of the team', async () => {
    const { team } = site.simulator.state();
    const path = `/teams/${encodeURIComponent(team.id)}`;
    expect((await site.teams('GET', path)).body).toMatchObject({
      name: 'サポート窓口',
      aadGroupId: team.aadGroupId,
      memberCount: 3,
    });
    const { body } = await site.teams('GET', `${path}/conversations`);
    expect(body.conversations.map(({ name }: { name: string }) => name)).toEqual(['', '返品・交換', '法人のお客様']);
    expect(body.conversations[0].id).toBe(team.id);
    expect(await site.teams('GET', '/teams/19%3Aother/conversations')).toMatchObject({ status: 404 });
  });
});

test('a connector that asks for a token refuses calls without a good one', async () => {
  const guarded = await stand({ requireToken: (header) => header === 'Bearer test-good' });
  try {
    const { general } = guarded.simulator.teams.team;
    const path = `/teams/v3${conversation(general.id, 'pagedMembers')}`;
    expect(await guarded.call(path, 'GET')).toMatchObject({
      status: 401,
      body: { error: { code: 'BotNotRegistered' } },
    });
    expect(await guarded.call(path, 'GET', undefined, { Authorization: 'Bearer test-good' })).toMatchObject({
      status: 200,
    });
  } finally {
    await guarded.close();
  }
});

test('every call is on record with its path, status and body', async () => {
  const { body } = await startThread();
  await site.teams('POST', conversation(body.id), text('x'));
  await site.teams('POST', conversation('19:nobody'), text('y'));
  expect(site.simulator.teams.calls).toMatchObject([
    { method: 'POST', path: '/v3/conversations', status: 201 },
    { method: 'POST', path: `/v3/conversations/${body.id}/activities`, status: 201, body: { text: 'x' } },
    { method: 'POST', path: '/v3/conversations/19:nobody/activities', status: 404, body: { text: 'y' } },
  ]);
});
