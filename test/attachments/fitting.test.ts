import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { fits, fitted, needsPreview } from '../../src/attachments/fitting.ts';
import { bytesOf, disguised, type PictureKind } from '../fixtures/pictures.ts';
import { longestPause } from './pause.ts';

const MB = 1024 * 1024;
/** For how long nothing else may be held up (ms). */
const SHORT = 250;
/** As LINE takes pictures. */
const form = { types: ['image/jpeg', 'image/png'], most: 10 * MB, previewMost: MB };

/** The head of a PNG that says to be so large. */
function vast(side: number): Buffer {
  const head = Buffer.from(`0000000d49484452${'00'.repeat(8)}0802000000${'00'.repeat(8)}49444154`, 'hex');
  for (const at of [8, 12]) head.writeUInt32BE(side, at);
  head.writeUInt32BE(crc32(head.subarray(4, 21)), 21);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), head]);
}

/** Noise, which no format makes small. */
function noise(side: number, channels: 3 | 4 = 3) {
  return sharp(randomBytes(side * side * channels), { raw: { width: side, height: side, channels } });
}

test.each(['png', 'jpeg'] as PictureKind[])('a small %s goes as it is, and is its own preview', async (kind) => {
  const bytes = bytesOf(kind);
  expect(fits({ type: `image/${kind}`, bytes: bytes.length }, form)).toBe(true);
  expect(needsPreview(bytes.length, form)).toBe(false);
  expect(await fitted(bytes, `image/${kind}`, form)).toEqual({ picture: undefined });
});

test.each(['gif', 'webp'] as PictureKind[])('a %s goes as a JPEG', async (kind) => {
  const made = await fitted(bytesOf(kind), `image/${kind}`, form);
  expect(made?.picture?.type).toBe('image/jpeg');
  expect(made?.preview).toBeUndefined();
  expect(await sharp(made?.picture?.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 1, height: 1 });
});

test('what shines through is white, not black', async () => {
  const clear = { create: { width: 8, height: 8, channels: 4 as const, background: { r: 0, g: 0, b: 0, alpha: 0 } } };
  const made = await fitted(await sharp(clear).webp().toBuffer(), 'image/webp', form);
  const { dominant } = await sharp(made?.picture?.bytes).stats();
  expect(Math.min(dominant.r, dominant.g, dominant.b)).toBeGreaterThan(240);
});

test('a picture over a megabyte gets a preview under one, of the same shape and the right way up', async () => {
  // A phone held upright: lying, with a mark that says so.
  const lying = await noise(1_500)
    .resize(1_600, 1_200)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 100 })
    .toBuffer();
  expect(needsPreview(lying.length, form)).toBe(true);
  const made = await fitted(lying, 'image/jpeg', form);
  expect(made?.picture).toBeUndefined();
  const preview = made?.preview?.bytes ?? Buffer.of();
  expect(preview.length).toBeLessThanOrEqual(MB);
  expect(await sharp(preview).metadata()).toMatchObject({ format: 'jpeg', width: 768, height: 1_024 });
});

test('a picture over the limit is scaled until it is not, and keeps no place where it was taken', async () => {
  const large = await noise(1_024)
    .withExif({ IFD0: { Copyright: 'somebody' } })
    .png()
    .toBuffer();
  const small = { ...form, most: 600_000, previewMost: 100_000 };
  const made = await fitted(large, 'image/png', small);
  expect(made?.picture?.bytes.length).toBeLessThanOrEqual(small.most);
  expect(made?.preview?.bytes.length).toBeLessThanOrEqual(small.previewMost);
  expect((await sharp(made?.picture?.bytes).metadata()).exif).toBeUndefined();
});

test('one that moves would stand still, and one that nothing makes small enough stays too large: neither is made to fit', async () => {
  const frames = await Promise.all(
    [0, 255].map((grey) =>
      sharp({ create: { width: 4, height: 4, channels: 3, background: { r: grey, g: 0, b: 0 } } })
        .png()
        .toBuffer(),
    ),
  );
  const moving = await sharp(frames, { join: { animated: true } })
    .gif()
    .toBuffer();
  expect(await fitted(moving, 'image/gif', form)).toBeUndefined();
  expect(await fitted(await noise(600).webp().toBuffer(), 'image/webp', { ...form, most: 1_000 })).toBeUndefined();
});

test('what is no picture, or is a trick to fill the memory, is refused', async () => {
  await expect(fitted(disguised().bytes, 'image/gif', form)).rejects.toThrow();
  await expect(fitted(Buffer.concat([bytesOf('webp').subarray(0, 20)]), 'image/webp', form)).rejects.toThrow();
  await expect(fitted(vast(20_000), 'image/png', { ...form, most: 10 })).rejects.toThrow(/pixel limit/);
});

test('drawing holds nothing else up', async () => {
  const large = await noise(2_000).webp({ quality: 90, effort: 0 }).toBuffer();
  const { longest, result } = await longestPause(() => fitted(large, 'image/webp', form), SHORT);
  expect(result?.picture?.bytes.length).toBeGreaterThan(MB);
  expect(longest).toBeLessThan(SHORT);
}, 120_000);
