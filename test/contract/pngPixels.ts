import { inflateSync } from 'node:zlib';

/** A picture of `width` x `height` pixels, each as [red, green, blue, alpha] from 0 to 255. */
export interface Picture {
  width: number;
  height: number;
  pixels: [number, number, number, number][];
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const RGB = 2;
const RGBA = 6;

/** Reads a PNG of 8 bits a channel with or without alpha, not interlaced: the kind our icons are. Throws for any other. */
export function pngPixels(png: Uint8Array): Picture {
  const bytes = Buffer.from(png);
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error('not a PNG');
  const chunks = [...chunksOf(bytes)];
  const header = chunks.find(({ name }) => name === 'IHDR')?.data;
  if (!header) throw new Error('a PNG without a header');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const [depth, colour, , , interlace] = header.subarray(8);
  if (depth !== 8 || interlace !== 0 || (colour !== RGB && colour !== RGBA)) throw new Error('a PNG of another kind');
  const step = colour === RGBA ? 4 : 3;
  const data = inflateSync(Buffer.concat(chunks.filter(({ name }) => name === 'IDAT').map((chunk) => chunk.data)));
  const rows = unfilter(data, width * step, step);
  const pixels = Array.from({ length: width * height }, (_, at): Picture['pixels'][number] => {
    const [red = 0, green = 0, blue = 0, alpha = 255] = rows.subarray(at * step, at * step + step);
    return [red, green, blue, alpha];
  });
  return { width, height, pixels };
}

function* chunksOf(bytes: Buffer): Generator<{ name: string; data: Buffer }> {
  for (let at = 8; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    yield { name: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + length) };
    at += length + 12;
  }
}

/** Each row begins with the way its bytes were predicted from their neighbours. https://www.w3.org/TR/png-3/#9Filters */
function unfilter(data: Buffer, rowLength: number, step: number): Buffer {
  const height = data.length / (rowLength + 1);
  const out = Buffer.alloc(height * rowLength);
  for (let row = 0; row < height; row += 1) {
    const filter = data[row * (rowLength + 1)] ?? 0;
    for (let column = 0; column < rowLength; column += 1) {
      const at = row * rowLength + column;
      const left = column >= step ? (out[at - step] ?? 0) : 0;
      const up = row > 0 ? (out[at - rowLength] ?? 0) : 0;
      const corner = row > 0 && column >= step ? (out[at - rowLength - step] ?? 0) : 0;
      const raw = data[row * (rowLength + 1) + 1 + column] ?? 0;
      out[at] = raw + predict(filter, left, up, corner);
    }
  }
  return out;
}

function predict(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      throw new Error(`a PNG row with the unknown filter ${filter}`);
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
