import type { Sharp, SharpOptions } from 'sharp';
import { badInput } from '../../../shared/errors.js';
import { typeOfFile } from '../../../infra/files/index.js';

/** Edge of the square picture that is kept, in pixels. */
export const PORTRAIT_EDGE = 512;
export const PORTRAIT_TYPE = 'image/webp';

/** What is decoded at most: four times what a good telephone takes, and far below what fills the memory. */
const MOST_PIXELS = 40e6;
/** SVG is not among them: it is a text that may hold anything. */
const TYPES = new Set(['image/jpeg', 'image/png', 'image/webp']);

/** Loaded with the first picture: the library takes memory of its own, and pictures come seldom. */
async function openPicture(file: string, options: SharpOptions): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  // One thread and no cache: other requests want the processor and the memory.
  sharp.concurrency(1);
  sharp.cache(false);
  return sharp(file, options);
}

/** The square that is kept of an upright picture, in parts of the picture: 0 to 1. */
export interface Crop {
  /** Left edge, of the width. */
  readonly x: number;
  /** Upper edge, of the height. */
  readonly y: number;
  /** Side, of the shorter edge. */
  readonly size: number;
}

/**
 * Makes the portrait of a card from an uploaded picture: upright, square, without the place, time and device that
 * cameras write into it.
 * @param file path of the upload
 * @param name as uploaded
 * @param crop the square that is kept; null for the one around what draws the eye. What of it lies outside the picture
 *   is moved inside.
 * @throws DomainError `bad-input` on `photo`: not a picture of a known type, too many pixels, or damaged
 */
export const portraitOf = (file: string, name: string, crop: Crop | null): Promise<Buffer> =>
  redrawn(file, name, 'photo', (picture, upright) => {
    const square = crop === null ? picture : picture.extract(squareOf(crop, upright));
    return square.resize(PORTRAIT_EDGE, PORTRAIT_EDGE, { fit: 'cover', position: 'attention' });
  });

interface Size {
  readonly width: number;
  readonly height: number;
}

function squareOf({ x, y, size }: Crop, { width, height }: Size) {
  const side = Math.max(1, Math.round(size * Math.min(width, height)));
  const from = (part: number, edge: number): number => Math.min(Math.round(part * edge), edge - side);
  return { left: from(x, width), top: from(y, height), width: side, height: side };
}

/** Box into which a logo is fitted, in pixels. */
export const LOGO = { width: 480, height: 160 } as const;

/** Makes the logo of the centre from an uploaded picture. @throws DomainError `bad-input` on `logo` */
export const logoOf = (file: string, name: string): Promise<Buffer> =>
  redrawn(file, name, 'logo', (picture) =>
    picture.resize(LOGO.width, LOGO.height, { fit: 'inside', withoutEnlargement: true }),
  );

async function redrawn(
  file: string,
  name: string,
  field: string,
  resize: (picture: Sharp, upright: Size) => Sharp,
): Promise<Buffer> {
  const type = await typeOfFile(file, name);
  if (type === null || !TYPES.has(type)) throw badInput({ [field]: 'errors.field.pictureType' });
  try {
    const picture = await openPicture(file, { limitInputPixels: MOST_PIXELS, failOn: 'error' });
    const { autoOrient: upright } = await picture.metadata();
    return await resize(picture.autoOrient(), upright).webp({ quality: 82 }).toBuffer();
  } catch (error) {
    const large = error instanceof Error && error.message.includes('pixel limit');
    throw badInput({ [field]: large ? 'errors.field.pictureLarge' : 'errors.field.pictureDamaged' });
  }
}
