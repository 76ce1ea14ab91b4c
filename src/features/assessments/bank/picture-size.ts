export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Far more than any page shows, far less than fills the memory. */
const MOST_PIXELS = 60e6;

/**
 * Returns a picture's size in pixels as it is shown, turned as its camera says; null where it cannot be told.
 * @param picture path of the file, or its bytes
 */
export async function readPictureSize(picture: string | Buffer): Promise<PictureSize | null> {
  try {
    // Loaded with the first picture: the library takes memory of its own.
    const { default: sharp } = await import('sharp');
    const { autoOrient: size } = await sharp(picture, { limitInputPixels: MOST_PIXELS }).metadata();
    return size.width > 0 && size.height > 0 && size.width * size.height <= MOST_PIXELS
      ? { width: size.width, height: size.height }
      : null;
  } catch {
    return null;
  }
}
