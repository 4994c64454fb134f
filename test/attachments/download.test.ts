import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isPublic } from '../../src/attachments/addresses.ts';
import { download, LARGEST } from '../../src/attachments/download.ts';
import { fileType, pictureType } from '../../src/attachments/fileType.ts';
import { bytesOf, type PictureKind } from '../fixtures/pictures.ts';
import { ownTime } from '../ownTime.ts';

const HOSTS = ['files.example.test', '*.karte.io', 'localhost.example.test'];

describe('which addresses are of the public internet', () => {
  test.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])('%s is', (ip) =>
    expect(isPublic(ip)).toBe(true),
  );
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'no address',
    '',
  ])('%s is not', (ip) => expect(isPublic(ip)).toBe(false));
});

describe('a download', () => {
  let server: Server;
  let own: string;
  let answer: RequestListener;
  let asked: { url?: string; authorization?: string }[];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push({ url: request.url, authorization: request.headers.authorization });
      answer(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked = [];
    answer = (_request, response) => response.end('bytes');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const get = (url: string, more: Partial<Parameters<typeof download>[1]> = {}) =>
    download(url, { hosts: HOSTS, own, most: LARGEST, patience: 10_000, ...more });
  const refused = (code: string, transient = false) => ({ kind: 'refused', code: `picture.${code}`, transient });

  test('gives the bytes, and shows the token it was given', async () => {
    expect(await get(`${own}/a?b=c`, { bearer: 'test-token' })).toEqual({ kind: 'bytes', bytes: Buffer.from('bytes') });
    expect(asked).toEqual([{ url: '/a?b=c', authorization: 'Bearer test-token' }]);
  });

  test.each([
    'http://files.example.test/a',
    'https://other.example.test/a',
    'https://files.example.test:8443/a',
    'https://user@files.example.test/a',
    'https://files.example.test.evil.test/a',
    'https://evilkarte.io/a',
    'https://karte.io.evil.test/a',
    'https://127.0.0.1/a',
    'https://[::1]/a',
    'https://2130706433/a',
    'ftp://files.example.test/a',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '',
    'no address',
  ])('asks nobody at %s', async (url) => {
    expect(await get(url)).toEqual(refused('foreignHost'));
    expect(asked).toEqual([]);
  });

  test('asks nobody at the address of this machine where it is not told to', async () => {
    expect(await get(`${own}/a`, { own: undefined })).toEqual(refused('foreignHost'));
    expect(await get(own.replace('127.0.0.1', 'localhost'))).toEqual(refused('foreignHost'));
    expect(asked).toEqual([]);
  });

  test('connects to no name that leads into a network', async () => {
    // `localhost` below a listed name: systems resolve it to the loopback address (RFC 6761).
    expect(await get('https://x.localhost/a', { hosts: ['*.localhost'] })).toMatchObject({ kind: 'refused' });
    expect(asked).toEqual([]);
  });

  test.each([
    [301, refused('foreignHost')],
    [302, refused('foreignHost')],
    [307, refused('foreignHost')],
    [304, refused('foreignHost')],
    [401, refused('notAllowed')],
    [403, refused('notAllowed')],
    [404, refused('gone')],
    [410, refused('gone')],
    [204, refused('unavailable', true)],
    [206, refused('unavailable', true)],
    [400, refused('unavailable', true)],
    [429, refused('unavailable', true)],
    [500, refused('unavailable', true)],
    [503, refused('unavailable', true)],
  ])('takes %s for what it is, and follows no redirect', async (status, failure) => {
    answer = (_request, response) => {
      response.writeHead(status, { location: `${own}/elsewhere` });
      response.end();
    };
    expect(await get(`${own}/a`)).toEqual(failure);
    expect(asked).toHaveLength(1);
  });

  test('reads nothing that says it is too large, and stops when it turns out so', async () => {
    // restify, where a test beside this one has loaded it, makes writeHead give nothing back to chain on.
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': LARGEST + 1 });
      response.write('x');
    };
    expect(await get(`${own}/a`)).toEqual(refused('tooLarge'));
    let written = 0;
    answer = (_request, response) => {
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
      };
      response.on('drain', write);
      write();
    };
    expect(await get(`${own}/a`)).toEqual(refused('tooLarge'));
    expect(written).toBeLessThan(3 * LARGEST);
    answer = (_request, response) => response.end(Buffer.alloc(LARGEST));
    expect(await get(`${own}/a`)).toMatchObject({ kind: 'bytes' });
  });

  test.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    ['stops in the middle', (_request, response) => void response.write('half')],
    ['hangs up', (request) => void request.socket.destroy()],
    [
      'breaks off',
      (request, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('half');
        setTimeout(() => request.socket.destroy(), 20);
      },
    ],
  ])('waits no longer than it may for who %s', async (_, listener) => {
    answer = listener;
    const { ms, result } = await ownTime(() => get(`${own}/a`, { patience: 300 }));
    expect(result).toEqual(refused('unavailable', true));
    expect(ms).toBeLessThan(2_000);
  });
});

describe('what a file is', () => {
  test.each(['png', 'jpeg', 'gif', 'webp'] as PictureKind[])('is told by its own bytes: %s', (kind) => {
    expect(pictureType(bytesOf(kind))?.type).toBe(`image/${kind}`);
  });

  test.each([
    '',
    'GIF',
    'GIF87',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '<html>',
    '%PDF-1.7',
    'BM',
    'RIFFxxxxWAVE',
  ])('is no picture when it begins with %j', (text) => expect(pictureType(Buffer.from(text))).toBeUndefined());

  test.each([
    ['\0\0\0\x20ftypisom', 'video/mp4'],
    ['\0\0\0\x20ftypmp42', 'video/mp4'],
    ['\0\0\0\x14ftypqt  ', 'video/quicktime'],
    ['\0\0\0\x20ftypM4A ', 'audio/mp4'],
    ['\0\0\0\x20ftypheic', 'image/heic'],
    ['ID3\x03', 'audio/mpeg'],
    ['RIFFxxxxWAVE', 'audio/wav'],
    ['%PDF-1.7', 'application/pdf'],
    ['PK\x03\x04', undefined],
    ['<html>', undefined],
    ['', undefined],
  ])('%j begins a file of type %s', (text, type) => expect(fileType(Buffer.from(text, 'latin1'))?.type).toBe(type));
});
