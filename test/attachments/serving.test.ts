import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FolderStorage } from '../../src/attachments/folder.ts';
import { Links } from '../../src/attachments/links.ts';
import { serveFile } from '../../src/attachments/serving.ts';

const links = new Links('', [Buffer.alloc(32, 7)], Date.now);
const until = Math.floor(Date.now() / 1_000) + 600;

/** What a browser is told of a file that is kept under this label. */
async function served(name: string, type: string, bytes = Buffer.from('<script>alert(1)</script>')) {
  const storage = new FolderStorage();
  const server = createServer(
    (request, response) => void serveFile({ links, storage, now: Date.now }, request, response),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await storage.put({ id: 'one', until }, { name, type }, bytes);
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}${links.make({ id: 'one', until, name: 'file' })}`);
    const shown = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, headers: answer.headers, same: shown.equals(bytes) };
  } finally {
    server.closeAllConnections();
    server.close();
    await storage.close();
  }
}

test.each([
  ['写真.png', 'image/png', 'image/png', 'inline'],
  ['video.mp4', 'video/mp4', 'video/mp4', 'attachment'],
  ['a.m4a', 'audio/mp4', 'audio/mp4', 'attachment'],
  ['見積.pdf', 'application/pdf', 'application/pdf', 'attachment'],
  ['page.html', 'application/octet-stream', 'application/octet-stream', 'attachment'],
  ['page.html', 'text/html', 'application/octet-stream', 'attachment'],
  ['a.svg', 'image/svg+xml', 'application/octet-stream', 'attachment'],
])('%s of type %s is sent as %s, %s', async (name, type, sentAs, how) => {
  const { status, headers, same } = await served(name, type);
  expect([status, same, headers.get('content-type')]).toEqual([200, true, sentAs]);
  expect(headers.get('content-disposition')).toMatch(new RegExp(`^${how}; filename="[\\w.-]+"; filename\\*=UTF-8''`));
  expect(headers.get('content-disposition')).toContain(encodeURIComponent(name));
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain('sandbox');
});
