import { createHmac, randomUUID } from 'node:crypto';
import { API_KEY, CLIENT_SECRET, TEAM } from '../../bench/benchDesk.ts';

/** A request to the product. */
export interface Outgoing {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** An end user's message, as KARTE signs it. */
export function hookOf(user: string, text: string): Outgoing {
  const body = JSON.stringify({
    id: randomUUID(),
    event_type: 'talk/message/sendFromUser',
    client_id: 'soak',
    api_key: API_KEY,
    data: {
      user_id: user,
      visitor_id: '',
      account_id: null,
      date: new Date().toISOString(),
      content: { text, image: null },
    },
    extra: { access_uri: { url: 'https://shop.example.test/' } },
  });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', CLIENT_SECRET).update(`${timestamp}:${body}`).digest('hex');
  return {
    path: '/api/teams/messages',
    headers: {
      'content-type': 'application/json',
      'x-karte-signature': signature,
      'x-karte-request-timestamp': timestamp,
    },
    body,
  };
}

/** An operator's answer in a thread, as Teams delivers it. */
export function activityOf(thread: string, text: string, serviceUrl: string): Outgoing {
  const bot = { id: '28:bench', name: 'KARTE' };
  const activity = {
    type: 'message',
    id: `${Date.now()}${Math.floor(performance.now() * 1000)}`,
    channelId: 'msteams',
    serviceUrl,
    timestamp: new Date().toISOString(),
    from: { id: '29:soak', name: 'Soak', aadObjectId: '00000000-0000-4000-8000-000000000001' },
    recipient: bot,
    conversation: { isGroup: true, conversationType: 'channel', tenantId: 'bench', id: thread },
    textFormat: 'plain',
    text: `<at>KARTE</at> ${text}`,
    entities: [{ type: 'mention', mentioned: bot, text: '<at>KARTE</at>' }],
    channelData: { channel: { id: TEAM }, team: { id: TEAM }, tenant: { id: 'bench' } },
  };
  return { path: '/api/messages', headers: { 'content-type': 'application/json' }, body: JSON.stringify(activity) };
}
