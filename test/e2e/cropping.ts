/** Choosing the part of a photo that is kept, as a person does it, and what of the photo was kept. */
import type { Page } from 'playwright-core';
import sharp from 'sharp';

const WIDTH = 600;
const HEIGHT = 400;
const CELL = 100;
const EDGE = 512;

/** A picture of squares, no two of one colour. */
export async function colouredSquares(): Promise<Buffer> {
  const cells = Array.from({ length: (WIDTH / CELL) * (HEIGHT / CELL) }, (_, index) => {
    const [column, row] = [index % (WIDTH / CELL), Math.floor(index / (WIDTH / CELL))];
    const background = { r: 40 * column + 20, g: 60 * row + 20, b: (index * 97) % 256 };
    return { background, left: column * CELL, top: row * CELL };
  });
  return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#fff' } })
    .composite(
      cells.map(({ background, ...place }) => ({
        input: { create: { width: CELL, height: CELL, channels: 3 as const, background } },
        ...place,
      })),
    )
    .png()
    .toBuffer();
}

/** Left and upper edge and side of a square, in parts of the picture's width, height and shorter edge. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** What the form will send. */
export async function frameOf(page: Page): Promise<Frame> {
  const read = async (name: string): Promise<number> =>
    Number(await page.locator(`[data-photo-crop] input[name="${name}"]`).inputValue());
  return { x: await read('cropX'), y: await read('cropY'), size: await read('cropSize') };
}

/** Where the frame can be at most, from the left and from above, with this side. */
export const farthest = (size: number): Pick<Frame, 'x' | 'y'> => ({
  x: 1 - (size * HEIGHT) / WIDTH,
  y: 1 - size,
});

/** Drags with the pressed mouse from one point of an element to another, in parts of its box. */
export async function drag(
  page: Page,
  selector: string,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  const element = page.locator(selector);
  await element.scrollIntoViewIfNeeded();
  const box = (await element.boundingBox())!;
  const at = ([x, y]: readonly [number, number]) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  await page.mouse.move(...at(to));
  await page.mouse.up();
}

/** How far the colours of a kept photo are, on the average, from those of the part of the picture that it should be. */
export async function distance(photo: Buffer, picture: Buffer, { x, y, size }: Frame): Promise<number> {
  const side = Math.round(size * HEIGHT);
  const part = { left: Math.round(x * WIDTH), top: Math.round(y * HEIGHT), width: side, height: side };
  const [kept, wanted] = await Promise.all([
    sharp(photo).removeAlpha().raw().toBuffer(),
    sharp(picture).extract(part).resize(EDGE, EDGE).removeAlpha().raw().toBuffer(),
  ]);
  let total = 0;
  for (const [index, value] of kept.entries()) total += Math.abs(value - (wanted[index] ?? 0));
  return total / kept.length;
}
