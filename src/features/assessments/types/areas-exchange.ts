import { UNMEASURED } from '../exchange/embedded.js';
import type { ForeignBody } from '../exchange/foreign.js';
import { addFile, type BodyContext } from '../exchange/formats/moodle-files.js';
import { attr, qtiName } from '../exchange/formats/qti-names.js';
import type { FindFile } from '../exchange/html.js';
import { xmlText } from '../exchange/writers/escape.js';
import type { MediaById } from '../exchange/writers/media-out.js';
import { descendants, elementsOf, localName, type XmlElement } from '../exchange/xml.js';
import type { Shape } from './areas.js';

/* Places on a picture in files. */

export interface ForeignArea {
  readonly shape: Shape;
  readonly coords: readonly number[];
}

/** A picture with places on it; their units are those of `width` and `height`. */
export interface PictureBody extends ForeignBody {
  /** `embedded/<n>`, or the id of a file of the bank; '' where the file has no picture. */
  readonly image: string;
  /** 0: those of the picture itself. */
  readonly width: number;
  readonly height: number;
}

/** While a file is read its picture has no id of the bank yet: another stands for it before the schema. */
const SOME_PICTURE = 'a'.repeat(20);

/** The fields of the form for the picture and its areas. */
export const takePicture = ({ image, width, height }: PictureBody, areas: readonly ForeignArea[]) => ({
  image: image === '' ? '' : SOME_PICTURE,
  // Pictures are measured when they are stored; until then any size does.
  imageWidth: Math.round(width) || UNMEASURED,
  imageHeight: Math.round(height) || UNMEASURED,
  shape: areas.map(({ shape }) => shape),
  coords: areas.map(({ coords }) => coords.join(', ')),
  label: areas.map(() => ''),
});

/* Moodle: https://docs.moodle.org/en/Drag_and_drop_markers_question_type */

export const moodlePicture = (element: XmlElement, { embedded }: BodyContext): string => {
  const file = elementsOf(element, 'file')[0];
  return file === undefined ? '' : addFile(file, embedded);
};

/** Markers, each to be put onto its places. @param picture the element with the picture */
export function markers(
  picture: string,
  captions: readonly string[],
  zones: readonly (ForeignArea & { readonly answer: string })[],
): string {
  const drags = captions.map((caption, index) => {
    const count = zones.filter(({ answer }) => answer === caption).length;
    return `<drag><no>${index + 1}</no><text>${xmlText(caption)}</text><noofdrags>${Math.max(1, count)}</noofdrags></drag>`;
  });
  const drops = zones.map(
    (zone, index) =>
      `<drop><no>${index + 1}</no>${shapeOf(zone)}<choice>${captions.indexOf(zone.answer) + 1}</choice></drop>`,
  );
  return `${picture}<shuffleanswers/>${drags.join('')}${drops.join('')}`;
}

function shapeOf({ shape, coords }: ForeignArea): string {
  const [a = 0, b = 0, c = 0, d = 0] = coords;
  const [name, numbers] =
    shape === 'circle'
      ? ['circle', `${a},${b};${c}`]
      : shape === 'rect'
        ? ['rectangle', `${a},${b};${c - a},${d - b}`]
        : ['polygon', pairsOf(coords).join(';')];
  return `<shape>${name}</shape><coords>${numbers}</coords>`;
}

const pairsOf = (coords: readonly number[]): string[] =>
  coords.flatMap((x, index) => (index % 2 === 0 ? [`${x},${coords[index + 1] ?? 0}`] : []));

/* QTI: https://www.imsglobal.org/spec/qti/v3p0/impl#h.5n5ulvmlz7bc */

/** The picture of an interaction: `object` of QTI 2, also `img` and `picture` of QTI 3. */
export function qtiPicture(
  element: XmlElement,
  find: FindFile,
): { image: string; width: number; height: number } {
  const isPicture = (name: string): boolean => name === 'object' || name === 'img';
  const [picture] = descendants(element, isPicture).filter((found) => !isCaption(found, element));
  const address = picture ? attr(picture, 'data') || attr(picture, 'src') : '';
  const size = (name: string): number =>
    Number((picture ? attr(picture, name) : '').replace(/px$/u, '')) || 0;
  return { image: find(address) ?? '', width: size('width'), height: size('height') };
}

/** Pictures of the draggable choices are none of the interaction. */
const isCaption = (picture: XmlElement, interaction: XmlElement): boolean => {
  for (let at = picture.parent; at !== null && at !== interaction; at = at.parent) {
    if ('name' in at && /^(?:gapImg|gapText)$/u.test(qtiName(localName(at)))) return true;
  }
  return false;
};

/** Circles `x,y,r`, rectangles `left,top,right,bottom`, polygons with their first point once or twice. */
export function qtiArea(element: XmlElement): ForeignArea | null {
  const coords = (attr(element, 'coords').match(/-?\d+(?:\.\d+)?/gu) ?? []).map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = coords;
  switch (attr(element, 'shape')) {
    case 'circle':
      return { shape: 'circle', coords: [a, b, c] };
    case 'ellipse':
      return { shape: 'rect', coords: [a - c, b - d, a + c, b + d] };
    case 'rect':
      return { shape: 'rect', coords: [a, b, c, d] };
    case 'poly': {
      const closed = coords.length > 6 && coords[0] === coords.at(-2) && coords[1] === coords.at(-1);
      return { shape: 'poly', coords: closed ? coords.slice(0, -2) : coords };
    }
    default:
      return null;
  }
}

export const writtenCoords = ({ coords }: ForeignArea): string =>
  coords.map((value) => Math.round(value)).join(',');

/** @returns '' where the picture is gone */
export function writtenPicture({ image, width, height }: PictureBody, media: MediaById): string {
  const file = media.get(image);
  return file === undefined
    ? ''
    : `<object data="../media/${file.fileName}" type="${file.type}" width="${width}" height="${height}"></object>`;
}
