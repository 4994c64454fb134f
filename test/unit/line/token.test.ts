import type { Answer, LineApi } from '../../../src/channels/line/api.ts';
import { Tokens } from '../../../src/channels/line/token.ts';

const keys = { channelId: '1', channelSecret: 'test-secret' };

/** An issuer of tokens that counts its requests; its clock is put forward by hand. */
function issuer(answers: Partial<Answer>[] = []) {
  let asked = 0;
  const clock = { now: 0 };
  const api = {
    issueToken: async () => {
      asked += 1;
      const issued = { kind: 'delivered', status: 200, body: { access_token: `test-token-${asked}`, expires_in: 900 } };
      return (answers.shift() ?? issued) as Answer;
    },
  };
  return { clock, count: () => asked, tokens: new Tokens(api as unknown as LineApi, () => clock.now) };
}

test('a pasted token is used as it is', async () => {
  const { tokens, count } = issuer();
  expect(await tokens.of({ ...keys, channelAccessToken: 'test-long' })).toMatchObject({
    token: 'test-long',
    pasted: true,
  });
  expect(count()).toBe(0);
});

test('many who wait share one request, and one token serves until well before its end', async () => {
  const { tokens, count, clock } = issuer();
  const all = await Promise.all(Array.from({ length: 20 }, () => tokens.of(keys)));
  expect(new Set(all.map((each) => (each.kind === 'token' ? each.token : '')))).toEqual(new Set(['test-token-1']));
  clock.now = 11 * 60_000;
  expect(await tokens.of(keys)).toMatchObject({ token: 'test-token-1' });
  clock.now = 13 * 60_000;
  expect(await tokens.of(keys)).toMatchObject({ token: 'test-token-2' });
  expect(count()).toBe(2);
});

test('accounts have tokens of their own, and so has the same one under a new secret', async () => {
  const { tokens, count } = issuer();
  await tokens.of(keys);
  await tokens.of({ ...keys, channelId: '2' });
  await tokens.of({ ...keys, channelSecret: 'test-new' });
  expect(count()).toBe(3);
});

test('one that LINE refuses is used no more', async () => {
  const { tokens } = issuer();
  await tokens.of(keys);
  tokens.refused('test-token-1');
  expect(await tokens.of(keys)).toMatchObject({ token: 'test-token-2' });
});

test.each<[string, Partial<Answer>, object]>([
  [
    'does not take id and secret',
    { kind: 'refused', code: 'line.badRequest' } as Answer,
    { code: 'line.badSecret', transient: false },
  ],
  ['does not answer', { kind: 'unknown', code: 'line.timeout' }, { code: 'line.noToken', transient: true }],
  [
    'is busy',
    { kind: 'refused', code: 'line.throttled', transient: true } as Answer,
    { code: 'line.noToken', transient: true },
  ],
  [
    'answers nonsense',
    { kind: 'delivered', status: 200, body: 'x' } as Answer,
    { code: 'line.noToken', transient: true },
  ],
])('where LINE %s nothing was done, for certain; the next call asks again', async (_name, answer, expected) => {
  const { tokens } = issuer([answer]);
  expect(await tokens.of(keys)).toMatchObject({ kind: 'refused', ...expected });
  expect(await tokens.of(keys)).toMatchObject({ kind: 'token' });
});
