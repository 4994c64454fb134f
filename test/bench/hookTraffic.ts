import { createHmac, randomUUID } from 'node:crypto';
import { API_KEY, CLIENT_SECRET, USERS } from './benchDesk.ts';

/** One HTTP request to be made. */
export interface Sent {
  headers: Record<string, string>;
  body: string;
}

let numbers = 0;

/** Every message of a run has a number of its own, by which its arrival is known. */
export function nextNumber(): number {
  return numbers++;
}

/** A signed hook of KARTE: one end user's message, as long as people's messages are. */
export function hook(number: number, user = `user-${number % USERS}`): Sent {
  const body = JSON.stringify({
    id: randomUUID(),
    event_type: 'talk/message/sendFromUser',
    client_id: 'bench',
    api_key: API_KEY,
    data: {
      user_id: user,
      visitor_id: '',
      account_id: null,
      date: new Date().toISOString(),
      content: { text: `bench ${number}`, image: null },
    },
    extra: { access_uri: { url: 'https://shop.example.test/' } },
  });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', CLIENT_SECRET).update(`${timestamp}:${body}`).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'x-karte-signature': signature,
      'x-karte-request-timestamp': timestamp,
    },
  };
}
