import { once } from 'node:events';
import { Agent, request as call, createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One address in front of several instances, as a load balancer is; `choose` says which one takes a request by its body. */
export interface Gate {
  url: string;
  choose: (body: string) => string;
  close(): void;
}

export async function openGate(choose: Gate['choose']): Promise<Gate> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer(async (request, response) => {
    const body = await read(request);
    const { method, url: path, headers } = request;
    const onward = call(`${gate.choose(body.toString('utf8'))}${path}`, {
      method,
      agent,
      headers: { ...headers, host: '127.0.0.1', 'content-length': body.length },
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const gate: Gate = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    choose,
    close() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
  return gate;
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
