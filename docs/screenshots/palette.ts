import { crc32, deflateSync } from 'node:zlib';
import { pngPixels } from '../../test/contract/pngPixels.ts';

type Colour = [red: number, green: number, blue: number];

const MOST_COLOURS = 256;

/** The same picture with 256 colours at most and no alpha, a third as large: screens of words have few colours. Rare ones become the nearest of the others. */
export function withPalette(png: Uint8Array): Buffer {
  const { width, height, pixels } = pngPixels(png);
  const keys = pixels.map(([red, green, blue]) => (red << 16) | (green << 8) | blue);
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const palette = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, MOST_COLOURS);
  const colours = palette.map(([key]) => colourOf(key));
  const places = new Map(palette.map(([key], at) => [key, at]));
  const placeOf = (key: number): number => {
    const known = places.get(key) ?? nearest(colourOf(key), colours);
    places.set(key, known);
    return known;
  };
  const rows = Buffer.alloc(height * (width + 1));
  keys.forEach((key, at) => {
    rows[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = placeOf(key);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a pixel, each the number of a colour in the palette. https://www.w3.org/TR/png-3/#11IHDR
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(colours.flat())),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function colourOf(key: number): Colour {
  return [key >> 16, (key >> 8) & 255, key & 255];
}

function nearest([red, green, blue]: Colour, colours: Colour[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  colours.forEach((one, at) => {
    const distance = (one[0] - red) ** 2 + (one[1] - green) ** 2 + (one[2] - blue) ** 2;
    if (distance < least) [best, least] = [at, distance];
  });
  return best;
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
