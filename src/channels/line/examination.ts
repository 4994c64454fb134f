import type { Finding } from '../../desk/finding.ts';
import type { Failure } from '../../desk/outcome.ts';
import type { Checked } from '../../desk/ports.ts';
import type { Answer, Call } from './api.ts';

/** Asks LINE with the token of the account in question. */
export type Ask = (call: Omit<Call, 'token'>) => Promise<Answer>;

const INFO = { method: 'GET', path: '/v2/bot/info' } as const;
const ENDPOINT = '/v2/bot/channel/webhook/endpoint';

/** The longest address that LINE takes for hooks. */
const LONGEST_HOOK = 500;

interface Info {
  userId?: unknown;
  basicId?: unknown;
  displayName?: unknown;
  pictureUrl?: unknown;
  chatMode?: unknown;
}

/**
 * Whether the keys open the account that was meant, `own` by id and secret, `pasted` by the token that was pasted beside them; what LINE tells of the account is
 * to be kept.
 */
export async function checked(own: Ask, pasted: Ask | undefined, basicId: string): Promise<Checked> {
  const [answer, other] = await Promise.all([own(INFO), pasted?.(INFO)]);
  if (answer.kind !== 'delivered') return answer;
  if (other && other.kind !== 'delivered') return isRefusedToken(other) ? refused('line.badToken') : other;
  const info = (answer.body ?? {}) as Info;
  if (typeof info.userId !== 'string' || typeof info.basicId !== 'string') return refused('line.unexpected');
  if (bare(info.basicId) !== bare(basicId)) return refused('line.otherAccount', info.basicId);
  const { userId, basicId: theirs } = (other?.body ?? info) as Info;
  if (userId !== info.userId) return refused('line.otherToken', typeof theirs === 'string' ? theirs : '');
  return {
    kind: 'delivered',
    settings: {
      userId: info.userId,
      basicId: info.basicId,
      ...textIn('displayName', info.displayName),
      ...textIn('pictureUrl', info.pictureUrl),
    },
  };
}

/** Tells LINE where hooks go, sees whether it uses that, and lets it try. */
export async function hookFindings(ask: Ask, url: string, canReach: boolean): Promise<Finding[]> {
  const about = 'doctor.lineHook';
  // LINE takes no other address, and could not reach it.
  if (!canReach || url.length > LONGEST_HOOK)
    return [{ about, state: 'missing', reason: 'doctor.lineNeedsHttps', detail: url }];
  const set = await ask({ method: 'PUT', path: ENDPOINT, body: { endpoint: url } });
  if (set.kind !== 'delivered') return [{ about, state: 'missing', reason: 'doctor.lineSetByHand', detail: set.code }];
  return Promise.all([endpointFinding(ask, url), testFinding(ask)]);
}

/** Every way in which the desk needs LINE, with no effect on customers. */
export async function examined(ask: Ask, hookUrl: string, heardAgo: number | undefined): Promise<Finding[]> {
  const answer = await ask(INFO);
  const token = tokenFinding(answer);
  if (answer.kind !== 'delivered') return [token];
  const mode = ((answer.body ?? {}) as Info).chatMode;
  return [
    token,
    await endpointFinding(ask, hookUrl),
    await quotaFinding(ask),
    mode === 'chat'
      ? { about: 'doctor.lineChat', state: 'ok' }
      : { about: 'doctor.lineChat', state: 'untested', reason: 'doctor.lineNoChat' },
    heardAgo === undefined
      ? { about: 'doctor.lineHeard', state: 'untested', reason: 'doctor.noHook' }
      : {
          about: 'doctor.lineHeard',
          state: 'ok',
          reason: 'doctor.hookHeard',
          detail: `${Math.floor(heardAgo / 60_000)}`,
        },
  ];
}

function tokenFinding(answer: Answer): Finding {
  const about = 'doctor.lineToken';
  if (answer.kind === 'delivered') return { about, state: 'ok' };
  if (isRefusedToken(answer) || answer.code === 'line.badSecret')
    return { about, state: 'missing', reason: answer.code };
  return { about, state: 'untested', reason: 'doctor.noAnswer', detail: answer.code };
}

/** Whether LINE sends this account's hooks to us, and at all. */
async function endpointFinding(ask: Ask, url: string): Promise<Finding> {
  const about = 'doctor.lineHook';
  const answer = await ask({ method: 'GET', path: ENDPOINT });
  if (answer.kind !== 'delivered')
    return answer.code === 'line.notFound'
      ? { about, state: 'missing', reason: 'doctor.lineNoHook', detail: url }
      : { about, state: 'untested', reason: 'doctor.noAnswer', detail: answer.code };
  const { endpoint, active } = (answer.body ?? {}) as { endpoint?: unknown; active?: unknown };
  if (endpoint !== url) return { about, state: 'missing', reason: 'doctor.lineOtherHook', detail: url };
  return active === true ? { about, state: 'ok' } : { about, state: 'missing', reason: 'doctor.lineHookOff' };
}

/** LINE sends an empty hook to the address that it has now: what its console calls Verify. */
async function testFinding(ask: Ask): Promise<Finding> {
  const about = 'doctor.lineVerify';
  const answer = await ask({ method: 'POST', path: '/v2/bot/channel/webhook/test', body: {} });
  if (answer.kind !== 'delivered') return { about, state: 'untested', reason: 'doctor.noAnswer', detail: answer.code };
  const { success, reason, statusCode } = (answer.body ?? {}) as {
    success?: unknown;
    reason?: unknown;
    statusCode?: unknown;
  };
  if (success === true) return { about, state: 'ok' };
  const detail = [reason, statusCode].filter((told) => typeof told === 'string' || typeof told === 'number').join(' ');
  return { about, state: 'missing', reason: 'doctor.lineVerifyFailed', detail };
}

/** What is left of this month's messages. */
async function quotaFinding(ask: Ask): Promise<Finding> {
  const about = 'doctor.lineQuota';
  const [quota, used] = await Promise.all(
    ['/v2/bot/message/quota', '/v2/bot/message/quota/consumption'].map((path) => ask({ method: 'GET', path })),
  );
  if (quota?.kind !== 'delivered' || used?.kind !== 'delivered')
    return { about, state: 'untested', reason: 'doctor.noAnswer', detail: codeOf(quota) || codeOf(used) };
  const { type, value } = (quota.body ?? {}) as { type?: unknown; value?: unknown };
  const { totalUsage } = (used.body ?? {}) as { totalUsage?: unknown };
  if (type !== 'limited' || typeof value !== 'number' || typeof totalUsage !== 'number') return { about, state: 'ok' };
  const detail = `${totalUsage} / ${value}`;
  return totalUsage < value
    ? { about, state: 'ok', reason: 'doctor.lineUsed', detail }
    : { about, state: 'missing', reason: 'line.monthlyLimit', detail };
}

function isRefusedToken({ code }: Failure): boolean {
  return code === 'line.unauthorized';
}

function refused(code: string, detail?: string): Failure {
  return { kind: 'refused', code, transient: false, detail };
}

function textIn(name: string, value: unknown): Record<string, string> {
  return typeof value === 'string' && value !== '' ? { [name]: value.slice(0, 2_000) } : {};
}

/** `@` is part of the id, and easily left out; letter case tells no accounts apart. */
function bare(basicId: string): string {
  return basicId
    .trim()
    .replace(/^[@＠]/, '')
    .toLowerCase();
}

function codeOf(answer: Answer | undefined): string {
  return answer === undefined || answer.kind === 'delivered' ? '' : answer.code;
}
