import { z } from 'zod';
import { list, optionalLine, whole } from '../../../web/parse.js';
import { numberFrom } from './numbers.js';

/** Places on a picture, as hotspots and drop zones are. */

export const SHAPES = ['rect', 'circle', 'poly'] as const;
export type Shape = (typeof SHAPES)[number];

/**
 * A place on a picture, in the picture's own units: `rect` left, top, right, bottom; `circle` centre and radius;
 * `poly` pairs of x and y.
 */
export interface Area {
  readonly shape: Shape;
  readonly coords: readonly number[];
  /** What it is, for those who do not see the picture; may be empty. */
  readonly label: string;
}

/** A picture of the bank, and the units in which its areas are given. */
export interface Picture {
  /** Id of the file. */
  readonly image: string;
  readonly width: number;
  readonly height: number;
}

export const MOST_AREAS = 30;
const MOST_POINTS = 60;
const LARGEST = 20_000;

const size = z.preprocess((sent) => (sent === '' || sent === undefined ? 0 : sent), whole(0, LARGEST));

/** The fields of a form for the picture; `image` is set by the upload. */
export const pictureFields = {
  image: z
    .string()
    .regex(/^[a-z2-9]{20}$/, { error: 'errors.field.pictureMissing' })
    .catch(''),
  imageWidth: size,
  imageHeight: size,
};

/** Rows of a form as sent. */
export const areaFields = {
  shape: list(z.enum(SHAPES).catch('rect')),
  coords: list(optionalLine(500)),
  label: list(optionalLine(200)),
};

/** Returns null unless the numbers make a shape. */
export function coordsFrom(shape: Shape, written: string): number[] | null {
  const parts = written.split(/[\s;,]+/u).filter((part) => part !== '');
  const numbers = parts.map((part) => numberFrom(part));
  const known = numbers.filter((value) => value !== null).map((value) => Math.round(value * 100) / 100);
  if (known.length < numbers.length || known.some((value) => Math.abs(value) > LARGEST)) return null;
  const [a = 0, b = 0, c = 0, d = 0] = known;
  switch (shape) {
    case 'rect':
      return known.length === 4 && c !== a && d !== b
        ? [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]
        : null;
    case 'circle':
      return known.length === 3 && c > 0 ? known : null;
    case 'poly':
      return known.length >= 6 && known.length % 2 === 0 && known.length <= 2 * MOST_POINTS ? known : null;
  }
}

/** Left, top, right and bottom of an area. */
export function boundsOf({
  shape,
  coords,
}: Pick<Area, 'shape' | 'coords'>): [number, number, number, number] {
  const [a = 0, b = 0, c = 0, d = 0] = coords;
  if (shape === 'rect') return [a, b, c, d];
  if (shape === 'circle') return [a - c, b - c, a + c, b + c];
  const [xs, ys] = [
    coords.filter((_, index) => index % 2 === 0),
    coords.filter((_, index) => index % 2 === 1),
  ];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** In the order of reading: the order in which an author wrote them would tell which comes first. */
export function byPlace(a: Pick<Area, 'shape' | 'coords'>, b: Pick<Area, 'shape' | 'coords'>): number {
  const [[left, top], [otherLeft, otherTop]] = [boundsOf(a), boundsOf(b)];
  return top - otherTop || left - otherLeft;
}

/** What a template draws of an area: SVG takes attributes, for the CSP blocks styles. */
export function drawnArea(area: Area, { width }: Picture) {
  const [left, top, right, bottom] = boundsOf(area);
  const [x = 0, y = 0, radius = 0] = area.coords;
  return {
    shape: area.shape,
    label: area.label,
    points: area.shape === 'poly' ? area.coords.join(' ') : '',
    left,
    top,
    width: right - left,
    height: bottom - top,
    x,
    y,
    radius,
    middle: { x: Math.round((left + right) / 2), y: Math.round((top + bottom) / 2) },
    letters: Math.max(10, Math.round(width / 28)),
  };
}

/** The way back to the form's fields. */
export const areaRows = (areas: readonly Area[]) => ({
  shape: areas.map(({ shape }) => shape),
  coords: areas.map(({ coords }) => coords.join(', ')),
  label: areas.map(({ label }) => label),
});

export const pictureRow = ({ image, width, height }: Picture) => ({
  image,
  imageWidth: String(width),
  imageHeight: String(height),
});

interface Rows {
  readonly shape: readonly Shape[];
  readonly coords: readonly string[];
  readonly label: readonly string[];
}

/** A row of the form that is not empty; `coords` is null where its numbers make no shape. */
export interface ReadRow {
  readonly row: number;
  readonly shape: Shape;
  readonly coords: readonly number[] | null;
  readonly label: string;
}

/** The filled rows. @param extra other columns that make a row filled */
export const readRows = ({ shape, coords, label }: Rows, extra: readonly string[] = []): ReadRow[] =>
  Array.from({ length: Math.max(coords.length, extra.length) }, (_, row) => {
    const kind = shape[row] ?? 'rect';
    return {
      row,
      shape: kind,
      coords: coordsFrom(kind, coords[row] ?? ''),
      label: label[row] ?? '',
      isEmpty: (coords[row] ?? '') === '' && (extra[row] ?? '') === '',
    };
  })
    .filter(({ isEmpty }) => !isEmpty)
    .map(({ isEmpty: _empty, ...row }) => row);

/** What is wrong with the picture, by field. */
export function pictureFault({
  image,
  imageWidth,
  imageHeight,
}: {
  readonly image: string;
  readonly imageWidth: number;
  readonly imageHeight: number;
}): string | null {
  return image === '' || imageWidth === 0 || imageHeight === 0 ? 'errors.field.pictureMissing' : null;
}

/** The picture as templates draw it. */
export const pictureOf = ({ image, width, height }: Picture) => ({ picture: { image, width, height } });
