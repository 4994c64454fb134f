import type { Stand } from './stand.ts';
import { card, conversation, stand } from './stand.ts';

let site: Stand;
afterEach(() => site.close());

const start = async (...args: Parameters<typeof stand>) => {
  site = await stand(...args);
  return site.simulator.teams;
};

describe('what a person says', () => {
  test('reaches the bot only when the bot is mentioned and installed', async () => {
    const teams = await start();
    expect(teams.say('佐藤 健', { channel: '一般', text: 'among us' }).activity).toBeUndefined();
    teams.uninstall();
    expect(teams.say('佐藤 健', { channel: '一般', text: '@KARTE help', mentions: ['bot'] }).activity).toBeUndefined();
    await Promise.all(teams.install().map(({ answered }) => answered));
    await teams.say('佐藤 健', { channel: '一般', text: '@KARTE help', mentions: ['bot'] }).answered;
    const messages = site.heard.filter(({ body }) => body.type === 'message');
    expect(messages.map(({ body }) => body.text)).toEqual(['<at>KARTE</at> help\n']);
    expect(teams.threads('一般')).toHaveLength(3);
  });

  test('comes from people with English names, in English, where that is the language of the desk', async () => {
    const teams = await start({ locale: 'en' });
    await teams.say('Ken Sato', { channel: 'Returns', text: '@KARTE help', mentions: ['bot'] }).answered;
    expect(site.heard.at(-1)?.body).toMatchObject({ from: { name: 'Ken Sato' }, locale: 'en-US' });
    expect(site.heard.at(-1)?.body.entities).toContainEqual(expect.objectContaining({ locale: 'en-US' }));
  });

  test('comes as the activity Teams sends', async () => {
    const teams = await start();
    const { thread } = teams.say('山田 花子', { channel: '返品・交換', text: 'start' });
    const said = teams.say('佐藤 健', { thread, text: '@KARTE hello @山田 花子', mentions: ['bot', '山田 花子'] });
    await said.answered;
    const [one] = site.heard;
    const { bot, team, tenantId } = site.simulator.state();
    const [hanako, ken] = ['山田 花子', '佐藤 健'].map((name) => teams.person(name));
    expect(one?.path).toBe('/api/messages');
    expect(one?.body).toMatchObject({
      type: 'message',
      id: said.post.id,
      channelId: 'msteams',
      serviceUrl: site.simulator.serviceUrl,
      textFormat: 'plain',
      text: '<at>KARTE</at> hello <at>山田 花子</at>\n',
      from: { id: ken?.id, aadObjectId: ken?.aadObjectId, name: '佐藤 健' },
      recipient: { id: bot.id, name: 'KARTE' },
      conversation: {
        isGroup: true,
        conversationType: 'channel',
        tenantId,
        id: `${thread.channelId};messageid=${thread.rootId}`,
      },
      channelData: { channel: { id: thread.channelId }, team: { id: team.id }, tenant: { id: tenantId } },
      entities: [
        { type: 'mention', mentioned: { id: bot.id, name: 'KARTE' }, text: '<at>KARTE</at>' },
        { type: 'mention', mentioned: { id: hanako?.id, name: '山田 花子' }, text: '<at>山田 花子</at>' },
        { type: 'clientInfo', platform: 'Windows' },
      ],
    });
    expect(one?.body.attachments[0].contentType).toBe('text/html');
    expect(one?.body.attachments[0].content).toContain('itemtype="http://schema.skype.com/Mention"');
    expect(bot.id).toBe(`28:${bot.appId}`);
    expect(said.post.text).toBe('@KARTE hello @山田 花子');
  });

  test.each([
    ['desktop', '<at>KARTE</at> 1 &lt; 2\nnext\n', 'Windows'],
    ['web', '<at>KARTE</at>&nbsp;1 &lt; 2\nnext', 'Web'],
    ['mobile', '<at>KARTE</at> 1 &lt; 2\r\nnext\r\n', 'iOS'],
  ] as const)('carries the stray characters of %s', async (client, text, platform) => {
    const teams = await start();
    await teams.say('佐藤 健', { channel: '一般', text: '@KARTE 1 < 2\nnext', mentions: ['bot'], client }).answered;
    expect(site.heard[0]?.body).toMatchObject({ text, entities: [{}, { platform }] });
    expect(site.heard[0]?.body.attachments[0].content).toContain('</span>&nbsp;1 &lt; 2<br>next<');
  });

  test('may lose its line breaks in text, never in the html copy', async () => {
    const teams = await start();
    const say = { channel: '一般', text: 'a\nb', mentions: ['bot'], loseLineBreaks: true };
    await teams.say('佐藤 健', say).answered;
    expect(site.heard[0]?.body.text).toBe('<at>KARTE</at> a b\n');
    expect(site.heard[0]?.body.attachments[0].content).toContain('a<br>b');
  });

  test('names the conversation with or without the root when it starts a thread', async () => {
    const teams = await start();
    const say = { channel: '一般', text: 'x', mentions: ['bot'] };
    const suffixed = teams.say('佐藤 健', say);
    await suffixed.answered;
    const bare = teams.say('佐藤 健', { ...say, client: 'mobile' });
    await bare.answered;
    expect(site.heard.map(({ body }) => body.conversation.id)).toEqual([suffixed.thread.id, bare.thread.channelId]);
  });

  test('changes and vanishes under its old id', async () => {
    const teams = await start();
    const { post } = teams.say('佐藤 健', { channel: '一般', text: 'x', mentions: ['bot'] });
    await teams.edit('佐藤 健', post.id, '@KARTE y').answered;
    await teams.delete('佐藤 健', post.id).answered;
    expect(site.heard.map(({ body }) => [body.type, body.channelData.eventType]).sort()).toEqual([
      ['message', undefined],
      ['messageDelete', 'softDeleteMessage'],
      ['messageUpdate', 'editMessage'],
    ]);
    expect(new Set(site.heard.map(({ body }) => body.id))).toEqual(new Set([post.id]));
    expect(() => teams.edit('山田 花子', post.id, 'z')).toThrow('their own posts');
  });
});

describe('cards', () => {
  const withCard = async (teams: Awaited<ReturnType<typeof start>>) => {
    const { id } = teams.channel('一般');
    const { body } = await site.teams('POST', conversation(id), { type: 'message', attachments: [card()] });
    return body.id as string;
  };

  test('a click is a message with a value, without text, about the post of the card', async () => {
    const teams = await start();
    const postId = await withCard(teams);
    await teams.click('佐藤 健', postId, { action: 'again' }).answered;
    const [one] = site.heard;
    expect(one?.body).toMatchObject({ type: 'message', replyToId: postId, value: { action: 'again' } });
    expect(one?.body).not.toHaveProperty('text');
    expect(one?.body.conversation.id).toBe(`${teams.channel('一般').id};messageid=${postId}`);
  });

  test('dialogs and executed actions bring back what the bot answered', async () => {
    const teams = await start({}, ({ body }) => ({ status: 200, body: { heard: body.name ?? body.type } }));
    const postId = await withCard(teams);
    expect(await teams.fetchTask('佐藤 健', postId, { open: 1 })).toMatchObject({
      status: 200,
      body: { heard: 'task/fetch' },
    });
    expect(await teams.submitTask('佐藤 健', postId, { name: 'x' })).toMatchObject({ body: { heard: 'task/submit' } });
    expect(await teams.execute('佐藤 健', postId, 'go', {})).toMatchObject({ body: { heard: 'adaptiveCard/action' } });
    const values = site.heard.map(({ body }) => body.value);
    expect(values).toMatchObject([
      { data: { msteams: { type: 'task/fetch' }, open: 1 } },
      { data: { name: 'x' } },
      { action: { type: 'Action.Execute', verb: 'go' }, trigger: 'manual' },
    ]);
  });

  test('there is nothing to press on a post without a card', async () => {
    const teams = await start();
    const { post } = teams.say('佐藤 健', { channel: '一般', text: 'x' });
    expect(() => teams.click('佐藤 健', post.id, {})).toThrow('no card');
  });

  test('a reaction to a post of the bot is told, one to a person is not', async () => {
    const teams = await start();
    const postId = await withCard(teams);
    const { post } = teams.say('佐藤 健', { channel: '一般', text: 'x' });
    await Promise.all([
      teams.react('山田 花子', post.id, 'like').answered,
      teams.react('山田 花子', postId, 'heart').answered,
    ]);
    expect(site.heard.map(({ body }) => body)).toMatchObject([
      { type: 'messageReaction', replyToId: postId, reactionsAdded: [{ type: 'heart' }] },
    ]);
  });
});

describe('redelivery', () => {
  test('the same activity comes again until the bot accepts it', async () => {
    const teams = await start({ redeliverAfterMs: 2_000 }, (_, count) => (count < 3 ? 500 : 200));
    const said = teams.say('佐藤 健', { channel: '一般', text: 'x', mentions: ['bot'] });
    expect(await said.settled).toMatchObject({
      outcome: 'accepted',
      attempts: [{ status: 500 }, { status: 500 }, { status: 200 }],
    });
    expect(site.heard.map(({ raw }) => raw)).toEqual(Array.from({ length: 3 }, () => site.heard[0]?.raw));
  });

  test('a bot that does not answer in time gets it three times, not more', async () => {
    const teams = await start({ redeliverAfterMs: 30 }, () => 'hang');
    const said = teams.say('佐藤 健', { channel: '一般', text: 'x', mentions: ['bot'] });
    expect(await said.answered).toMatchObject({ outcome: 'waiting' });
    expect(await said.settled).toMatchObject({ outcome: 'failed' });
    expect(said.delivery?.attempts.map(({ error }) => error)).toEqual(
      Array.from({ length: 3 }, () => 'no answer in time'),
    );
    expect(site.simulator.state().botStatus).toMatchObject({ state: 'failing', error: 'no answer in time' });
  });

  test('a refused activity comes again after a pause of its own, as often as told', async () => {
    const teams = await start({ activityRetryMs: 5, activityTries: 7 }, (_, count) => (count < 7 ? 503 : 200));
    const said = teams.say('佐藤 健', { channel: '一般', text: 'x', mentions: ['bot'] });
    expect(await said.settled).toMatchObject({ outcome: 'accepted' });
    expect(site.heard).toHaveLength(7);
  });

  test('an accepted activity can be delivered once more on demand', async () => {
    const teams = await start();
    const said = teams.say('佐藤 健', { channel: '一般', text: 'x', mentions: ['bot'] });
    await said.answered;
    await teams.redeliver(said.post.id).settled;
    expect(site.heard.map(({ body }) => body.id)).toEqual([said.post.id, said.post.id]);
  });

  test('an invoke is never repeated', async () => {
    const teams = await start({ redeliverAfterMs: 10_000 }, () => 500);
    const { body } = await site.teams('POST', conversation(teams.channel('一般').id), {
      type: 'message',
      attachments: [card()],
    });
    expect(await teams.fetchTask('佐藤 健', body.id, {})).toMatchObject({ status: 500 });
    expect(site.simulator.state().deliveries).toMatchObject([{ outcome: 'failed', attempts: [{ status: 500 }] }]);
  });
});

describe('lifecycle', () => {
  test('installing and removing the app fires both events each, to the very last', async () => {
    const teams = await start();
    const { bot } = site.simulator.state();
    await Promise.all(teams.uninstall('佐藤 健').map(({ answered }) => answered));
    await Promise.all(teams.install('佐藤 健').map(({ answered }) => answered));
    const events = site.heard.map(({ body }) => [body.type, body.action ?? body.channelData.eventType]);
    expect(events.sort()).toEqual([
      ['conversationUpdate', 'teamMemberAdded'],
      ['conversationUpdate', 'teamMemberRemoved'],
      ['installationUpdate', 'add'],
      ['installationUpdate', 'remove'],
    ]);
    expect(site.heard.find(({ body }) => body.membersAdded)?.body.membersAdded).toEqual([{ id: bot.id }]);
    expect(site.heard.every(({ body }) => body.from.id === teams.person('佐藤 健').id)).toBe(true);
  });

  test('Teams channels and people coming and going are told by name', async () => {
    const teams = await start();
    const created = teams.createChannel('新商品');
    await created.answered;
    await teams.renameChannel('新商品', '新製品').answered;
    await teams.deleteChannel('新製品').answered;
    await teams.removeMember('佐藤 健').answered;
    await teams.addMember('外部 太郎').answered;
    expect(site.heard.map(({ body }) => [body.channelData.eventType, body.channelData.channel?.name])).toEqual([
      ['channelCreated', '新商品'],
      ['channelRenamed', '新製品'],
      ['channelDeleted', '新製品'],
      ['teamMemberRemoved', undefined],
      ['teamMemberAdded', undefined],
    ]);
    expect(site.heard.at(-1)?.body.membersAdded[0].id).toBe(teams.person('外部 太郎').id);
  });
});
