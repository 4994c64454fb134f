import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './stage.ts';
import type { Delivery, DeliveryAttempt, Side } from './state.ts';

/** One HTTP request to the product. */
export interface Outgoing {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface Reply {
  /** 0 when there was no answer. */
  status: number;
  text: string;
  error?: string;
}

/** {@link Reply.error} of a request that the time limit ended. */
export const noAnswerInTime = 'no answer in time';

export interface DeliveryPlan {
  id: string;
  side: Side;
  kind: string;
  /** Made anew for each attempt: signatures and tokens carry the time. */
  request: () => Promise<Outgoing>;
  timeoutMs: number;
  /** Attempts in all. */
  tries: number;
  /** Pause before a repeat, measured from the start of the attempt before. */
  repeatAfterMs: number;
}

/** A delivery under way. Neither promise ever rejects: how it went stands in the delivery. */
export interface UnderWay {
  delivery: Delivery;
  /** What came back on the first attempt. */
  reply: Promise<Reply>;
  /** The first attempt has ended. */
  answered: Promise<Delivery>;
  /** No attempt will follow. */
  settled: Promise<Delivery>;
}

/** Sends until the product answers 2xx or the tries are used up, always under the same id. */
export function deliver(stage: Stage, plan: DeliveryPlan): UnderWay {
  const delivery: Delivery = { id: plan.id, side: plan.side, kind: plan.kind, attempts: [], outcome: 'waiting' };
  stage.recordDelivery(delivery);
  stage.changed();
  const first = attempt(stage, plan, delivery);
  return {
    delivery,
    reply: first.then(({ reply }) => reply),
    answered: first.then(() => delivery),
    settled: first.then(({ startedAt }) => repeat(stage, plan, delivery, startedAt)),
  };
}

/** One POST with a time limit; trouble comes back as status 0. */
export async function post(stage: Stage, request: DeliveryPlan['request'], timeoutMs: number): Promise<Reply> {
  try {
    const { url, headers, body } = await request();
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), stage.closed]);
    const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    return { status: 0, text: '', error: reasonOf(error) };
  }
}

async function attempt(stage: Stage, plan: DeliveryPlan, delivery: Delivery) {
  const startedAt = Date.now();
  const record: DeliveryAttempt = { at: stage.timestamp() };
  delivery.attempts.push(record);
  const reply = await post(stage, plan.request, plan.timeoutMs);
  if (reply.error) record.error = reply.error;
  else record.status = reply.status;
  if (reply.status >= 200 && reply.status < 300) delivery.outcome = 'accepted';
  else if (delivery.attempts.length >= plan.tries || stage.closed.aborted) delivery.outcome = 'failed';
  stage.changed();
  return { startedAt, reply };
}

async function repeat(stage: Stage, plan: DeliveryPlan, delivery: Delivery, startedAt: number): Promise<Delivery> {
  let last = startedAt;
  while (delivery.outcome === 'waiting') {
    const pause = Math.max(0, last + plan.repeatAfterMs - Date.now());
    try {
      await sleep(pause, undefined, { signal: stage.closed });
    } catch {
      delivery.outcome = 'failed'; // the simulator closes
      break;
    }
    last = (await attempt(stage, plan, delivery)).startedAt;
  }
  return delivery;
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return noAnswerInTime;
  return cause?.code ?? cause?.message ?? message;
}
