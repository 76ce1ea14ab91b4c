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

/**
 * Makes the portrait of a card from an uploaded picture: upright, square around what draws the eye, without the
 * place, time and device that cameras write into it.
 * @param file path of the upload
 * @param name as uploaded
 * @throws DomainError `bad-input` on `photo`: not a picture of a known type, too many pixels, or damaged
 */
export const portraitOf = (file: string, name: string): Promise<Buffer> =>
  redrawn(file, name, 'photo', (picture) =>
    picture.resize(PORTRAIT_EDGE, PORTRAIT_EDGE, { fit: 'cover', position: 'attention' }),
  );

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
  resize: (picture: Sharp) => Sharp,
): Promise<Buffer> {
  const type = await typeOfFile(file, name);
  if (type === null || !TYPES.has(type)) throw badInput({ [field]: 'errors.field.pictureType' });
  try {
    const picture = await openPicture(file, { limitInputPixels: MOST_PIXELS, failOn: 'error' });
    return await resize(picture.autoOrient()).webp({ quality: 82 }).toBuffer();
  } catch (error) {
    const large = error instanceof Error && error.message.includes('pixel limit');
    throw badInput({ [field]: large ? 'errors.field.pictureLarge' : 'errors.field.pictureDamaged' });
  }
}
