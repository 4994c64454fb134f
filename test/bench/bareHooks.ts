import { createHmac, timingSafeEqual } from 'node:crypto';
import restify from 'restify';
import { CLIENT_SECRET } from './benchDesk.ts';

/** The least a webhook can cost on this machine: restify, the raw body, one HMAC, one JSON.parse, no store. Prints its address. */
const server = restify.createServer();
server.post('/api/teams/messages', async (request: restify.Request, response: restify.Response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const given = Buffer.from(String(request.headers['x-karte-signature']), 'hex');
  const expected = createHmac('sha256', CLIENT_SECRET)
    .update(`${request.headers['x-karte-request-timestamp']}:`)
    .update(body)
    .digest();
  const genuine = given.length === expected.length && timingSafeEqual(given, expected);
  JSON.parse(body.toString('utf8'));
  response.send(genuine ? 200 : 401, {});
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.url}\n`));
process.once('SIGTERM', () => process.exit(0));
