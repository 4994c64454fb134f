import type { Call } from '../../simulator/state.ts';
import { brokenBy, brokenLineCall, brokenLineHook } from './lineSchemas.ts';

const user = `U${'0'.repeat(32)}`;
const event = {
  type: 'message',
  mode: 'active',
  timestamp: 1,
  webhookEventId: '01FZ74A0TDDPYRVKNK77XKC3ZR',
  deliveryContext: { isRedelivery: false },
  source: { type: 'user', userId: user },
  message: { type: 'text', id: '1', text: 'hi', quoteToken: 'q' },
};
const hook = (...events: object[]) => brokenLineHook({ body: JSON.stringify({ destination: user, events }) });
const push = (...messages: object[]) => brokenBy('messaging-api', 'PushMessageRequest', { to: user, messages });
const call = (more: Partial<Call>): Call => ({
  side: 'line',
  method: 'POST',
  path: '/v2/bot/message/push',
  status: 200,
  at: 0,
  headers: { 'content-type': 'application/json' },
  body: { to: user, messages: [{ type: 'text', text: 'hi' }] },
  answer: { sentMessages: [{ id: '1' }] },
  ...more,
});

describe('a webhook by LINE’s own file', () => {
  test('may be empty, and may hold events', () => {
    expect([hook(), hook(event), hook(event, { ...event, type: 'unfollow' })]).toEqual([[], [], []]);
  });

  test.each([
    ['an unknown event', { ...event, type: 'telepathy' }, 'unknown type "telepathy"'],
    ['an event without a type', { ...event, type: undefined }, 'unknown type undefined'],
    ['an unknown message', { ...event, message: { type: 'smell', id: '1' } }, 'unknown type "smell"'],
    ['a text without a quote token', { ...event, message: { type: 'text', id: '1', text: 'x' } }, 'quoteToken'],
    [
      'a picture that calls itself a text',
      { ...event, message: { ...event.message, type: 'image' } },
      'contentProvider',
    ],
    ['an unknown source', { ...event, source: { type: 'cloud' } }, 'unknown type "cloud"'],
    [
      'a follow event without its reply token',
      { ...event, type: 'follow', follow: { isUnblocked: false } },
      'replyToken',
    ],
  ])('is wrong with %s', (_, wrong, words) => {
    expect(hook(wrong).join('\n')).toContain(words);
  });

  test('is wrong for another kind of destination', () => {
    expect(brokenLineHook({ body: '{"destination":"somebody","events":[]}' }).join()).toContain('/destination');
  });
});

describe('messages by LINE’s own file', () => {
  test.each([
    ['an unknown type', { type: 'file', url: 'https://example.com/' }, 'unknown type "file"'],
    ['no type', { text: 'hi' }, 'unknown type undefined'],
    ['a picture without its preview', { type: 'image', originalContentUrl: 'https://a.test/' }, 'previewImageUrl'],
    ['a text that is a number', { type: 'text', text: 5 }, '/text'],
    [
      'a button of an unknown kind',
      {
        type: 'template',
        altText: 'x',
        template: { type: 'confirm', text: 'x', actions: [{ type: 'explode', label: 'x' }] },
      },
      'unknown type "explode"',
    ],
    [
      'a quick reply with too much data',
      { type: 'text', text: 'x', quickReply: { items: [{ action: { type: 'postback', data: 'x'.repeat(301) } }] } },
      'data',
    ],
  ])('are wrong with %s', (_, wrong, words) => {
    expect(push({ type: 'text', text: 'fine' }, wrong).join('\n')).toContain(words);
    expect(push({ type: 'text', text: 'fine' })).toEqual([]);
  });
});

describe('a call by LINE’s own files', () => {
  test('is right with what they ask for', () => {
    expect(brokenLineCall(call({}))).toEqual([]);
    expect(brokenLineCall(call({ path: '/oauth2/v3/token', body: form, headers: formType, answer: issued }))).toEqual(
      [],
    );
  });

  const form = 'grant_type=client_credentials&client_id=1&client_secret=x';
  const formType = { 'content-type': 'application/x-www-form-urlencoded' };
  const issued = { access_token: 'x', expires_in: 899, token_type: 'Bearer' };

  test.each([
    ['an unknown path', { path: '/v2/bot/nothing' }, 'no such operation'],
    ['a wrong method', { method: 'DELETE' }, 'no such operation'],
    ['no messages', { body: { to: user, messages: [] } }, 'request /messages'],
    [
      'a retry key that is no UUID',
      { headers: { ...call({}).headers, 'x-line-retry-key': 'again' } },
      'X-Line-Retry-Key',
    ],
    ['a body of another type', { headers: { 'content-type': 'text/plain' } }, 'Content-Type'],
    ['an answer without ids', { answer: {} }, 'sentMessages'],
    ['an error without words', { status: 429, answer: { error: 'no' } }, 'message'],
    ['a success nobody wrote down', { status: 201 }, '201'],
    ['a token asked for as JSON', { path: '/oauth2/v3/token', body: {}, answer: issued }, 'Content-Type'],
    ['a token without its life', { path: '/oauth2/v3/token', body: form, headers: formType, answer: {} }, 'expires_in'],
  ] as [string, Partial<Call>, string][])('is wrong with %s', (_, wrong, words) => {
    expect(brokenLineCall(call(wrong)).join('\n')).toContain(words);
  });

  test('is not judged by what a fault answered', () => {
    expect(brokenLineCall(call({ status: 503, answer: 'nonsense', faulty: true }))).toEqual([]);
  });
});
