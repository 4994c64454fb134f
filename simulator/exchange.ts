import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from './faults.ts';
import { answerOf } from './faults.ts';
import type { Answer, Request } from './http.ts';
import { readBody, sendAnswer, TooLarge } from './http.ts';
import type { Stage } from './stage.ts';
import type { Call, Side } from './state.ts';

/** Base64 images do not count in Teams' 100 KB, so that a lawful request can be long. */
const bodyLimit = 16 * 1024 * 1024;

export interface Exchange {
  stage: Stage;
  faults: Faults;
  side: Side;
  /** Path below the side's prefix, with the query. */
  path: string;
  route: (request: Request) => Answer | Promise<Answer>;
  tooLarge: Answer;
  /** Keep what was asked and answered whole, so that a test can walk it. */
  keepWhole?: boolean;
}

/** One call of the product: recorded, struck by a fault when one is planned, otherwise answered by the route. */
export async function exchange(message: IncomingMessage, response: ServerResponse, plan: Exchange): Promise<void> {
  const { stage, faults, side, path } = plan;
  const method = message.method ?? 'GET';
  const shownPath = decoded(path);
  const call: Call = { side, method, path: shownPath, status: 0, at: stage.now(), body: undefined };
  if (plan.keepWhole) {
    const { authorization: _, ...headers } = message.headers;
    call.headers = headers as Call['headers'];
  }
  stage.recordCall(call);
  const finish = (answer?: Answer) => {
    if (answer) {
      call.status = answer.status;
      call.answeredAt = stage.now();
      call.retryAfter = retryAfterOf(answer);
      if (plan.keepWhole) call.answer = Buffer.isBuffer(answer.body) ? { bytes: answer.body.length } : answer.body;
      if (!response.destroyed) sendAnswer(response, answer);
    } else {
      message.socket.destroy();
    }
    stage.changed();
  };
  const hang = () => {
    stage.closed.addEventListener('abort', () => message.socket.destroy(), { once: true });
    stage.changed();
  };
  try {
    if (faults.state[side].offline) return finish();
    const raw = await readBody(message, bodyLimit);
    call.body = parsed(raw);
    const fault = faults.take(side, method, shownPath, raw);
    call.faulty = fault !== undefined;
    const waitMs = faults.state[side].slowMs + (fault?.delayMs ?? 0);
    if (waitMs) await sleep(waitMs, undefined, { signal: stage.closed });
    if (fault?.reset === 'before') return finish();
    if (fault?.hang === true || fault?.hang === 'before') return hang();

    const faulty = fault && answerOf(fault);
    if (faulty && !fault.effect) return finish(faulty);
    const url = new URL(path, 'http://simulator');
    const answer = await plan.route({
      method,
      path: url.pathname,
      query: url.searchParams,
      headers: message.headers,
      raw,
    });
    if (fault?.reset === 'after') return finish();
    if (fault?.hang === 'after') return hang();
    finish(faulty ?? answer);
  } catch (error) {
    if (error instanceof TooLarge) return finish(plan.tooLarge);
    // The product hung up, or the simulator closes: nobody is left to answer.
    if (stage.closed.aborted || message.socket.destroyed) return finish();
    throw error;
  }
}

function retryAfterOf({ headers = {} }: Answer): number | undefined {
  const name = Object.keys(headers).find((each) => each.toLowerCase() === 'retry-after');
  return name === undefined ? undefined : Number(headers[name]) * 1000;
}

function parsed(raw: Buffer): unknown {
  const text = raw.toString('utf8');
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
