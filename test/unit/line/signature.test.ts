import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { isSigned } from '../../../src/channels/line/signature.ts';

const sign = (secret: string, body: Buffer) => createHmac('sha256', secret).update(body).digest('base64');

// The first one is from LINE's own page on signatures, the second from the tests of its SDK.
test.each([
  [
    '8c570fa6dd201bb328f1c1eac23a96d8',
    '{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}',
    'GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=',
  ],
  ['test_secret', '{"hello":"world"}', 't7Hn4ZDHqs6e+wdvI5TyQIvzie0DmMUmuXEBqyyE/tM='],
])('LINE’s own example is signed with %s', (secret, body, signature) => {
  expect(isSigned(secret, Buffer.from(body), signature)).toBe(true);
  expect(isSigned(`${secret}0`, Buffer.from(body), signature)).toBe(false);
  expect(isSigned(secret, Buffer.from(`${body} `), signature)).toBe(false);
});

test('any bytes count as they are, and no other signature will do', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.string({ minLength: 1 }), fc.string(), (bytes, secret, other) => {
      const body = Buffer.from(bytes);
      const signature = sign(secret, body);
      expect(isSigned(secret, body, signature)).toBe(true);
      for (const wrong of [other, signature.slice(0, -2), `${signature} `, signature.toLowerCase(), ''])
        if (wrong !== signature) expect(isSigned(secret, body, wrong)).toBe(false);
    }),
  );
});
