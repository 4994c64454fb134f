import { randomUUID } from 'node:crypto';
import { SATO } from '../../integration/stand.ts';
import { keyOf, type Seat } from './seats.ts';
import type { Site } from './site.ts';

/** Something that comes from outside and can come again as it was: a hook or an activity. */
export interface Incoming {
  text: string;
  /** Sends it, once; how it was answered (0: not at all) and after how long (ms). */
  send(): Promise<{ status: number; took: number }>;
}

/** A customer's message. */
export function hook({ simulator }: Site, user: number, text: string): Incoming {
  const { clientId: client_id, apiKey: api_key } = simulator.karte.project;
  const id = randomUUID();
  const data = { user_id: keyOf(user), visitor_id: '', account_id: null, content: { text, image: null } };
  const body = JSON.stringify({
    id,
    event_type: 'talk/message/sendFromUser',
    client_id,
    api_key,
    data: { ...data, date: new Date().toISOString() },
    extra: { access_uri: { url: 'https://shop.example.test/' } },
  });
  return { text, send: () => timed(simulator.karte.hooks.raw(body, { hookId: id })) };
}

/** An operator's answer. The first time it is said; afterwards Teams delivers the same activity again. */
export function answer({ simulator }: Site, { thread }: Seat, text: string): Incoming {
  let activityId: string | undefined;
  return {
    text,
    send() {
      if (activityId !== undefined) return timed(simulator.teams.redeliver(activityId));
      const said = simulator.teams.say(SATO, { thread: thread.id, text, mentions: ['bot'] });
      activityId = said.activity?.id;
      return timed(said);
    },
  };
}

async function timed({ answered }: { answered: Promise<{ attempts: { status?: number }[] } | undefined> }) {
  const begun = performance.now();
  const delivery = await answered;
  return { status: delivery?.attempts[0]?.status ?? 0, took: performance.now() - begun };
}
