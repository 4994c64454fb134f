import type { Sharp } from 'sharp';
import type { PictureForm } from '../desk/ports.ts';

/** A picture in another form. */
export interface Form {
  bytes: Buffer;
  type: string;
}

/** What goes out for a picture: in its place where it could not go as it is, and beside it where it is too large to be its own preview. */
export interface Fitted {
  picture?: Form;
  preview?: Form;
}

/** Larger pictures than any phone takes are a trick to fill the memory (pixels). */
const MOST_PIXELS = 120_000_000;

/** How long a picture may keep a thread busy (s). */
const PATIENCE = 20;

/** The longest sides that are tried, one after the other, until the picture is small enough (pixels). */
const SIDES = [4_096, 2_560, 1_600, 1_024, 512];
const PREVIEW_SIDES = [1_024, 512, 240];

/** Whether a picture can go as it is. */
export function fits({ type, bytes }: { type: string; bytes: number }, form: PictureForm): boolean {
  return form.types.includes(type) && bytes <= form.most;
}

/** Whether a picture of this many bytes needs a preview beside it. */
export function needsPreview(bytes: number, { previewMost }: PictureForm): boolean {
  return previewMost !== undefined && bytes > previewMost;
}

/**
 * Gives a picture the form in which a channel takes it. `undefined`: it has none, or would lose what makes it up, as what moves does. The work is done
 * in libvips' own threads: the event loop goes on. Rejects for what can't be read as a picture.
 */
export async function fitted(bytes: Buffer, type: string, form: PictureForm): Promise<Fitted | undefined> {
  const { default: sharp } = await import('sharp');
  // Nothing is drawn twice, and several at once would take the memory of several.
  sharp.cache(false);
  sharp.concurrency(1);
  const open = () => sharp(bytes, { limitInputPixels: MOST_PIXELS, autoOrient: true }).timeout({ seconds: PATIENCE });
  let picture: Form | undefined;
  if (!fits({ type, bytes: bytes.length }, form)) {
    if (((await open().metadata()).pages ?? 1) > 1) return undefined;
    picture = await drawn(open, SIDES, form.types.includes('image/jpeg') ? 'jpeg' : 'png', form.most);
    if (!picture) return undefined;
  }
  if (!needsPreview((picture?.bytes ?? bytes).length, form)) return { picture };
  const preview = await drawn(open, PREVIEW_SIDES, 'jpeg', form.previewMost ?? 0);
  return preview && { picture, preview };
}

/** The largest that is small enough. JPEG knows no transparency: what shines through is white. */
async function drawn(
  open: () => Sharp,
  sides: readonly number[],
  format: 'jpeg' | 'png',
  most: number,
): Promise<Form | undefined> {
  for (const side of sides) {
    const scaled = open().resize(side, side, { fit: 'inside', withoutEnlargement: true });
    const drawing = format === 'png' ? scaled.png() : scaled.flatten({ background: '#ffffff' }).jpeg({ quality: 85 });
    const bytes = await drawing.toBuffer();
    if (bytes.length <= most) return { bytes, type: `image/${format}` };
  }
  return undefined;
}
