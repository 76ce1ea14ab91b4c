import type { ForeignBody } from '../../exchange/foreign.js';
import type { BodyContext } from '../../exchange/formats/moodle-files.js';
import { contentIn, numberIn } from '../../exchange/formats/moodle-parts.js';
import { attr, type Response } from '../../exchange/formats/qti-names.js';
import { all } from '../../exchange/formats/qti-parts.js';
import { plainFromHtml, type FindFile } from '../../exchange/html.js';
import { xmlText } from '../../exchange/writers/escape.js';
import type { MediaById } from '../../exchange/writers/media-out.js';
import { declaration, R, type Asked } from '../../exchange/writers/qti3-parts.js';
import { attribute, descendants, elementsOf, markupOf, type XmlElement } from '../../exchange/xml.js';
import {
  markers,
  moodlePicture,
  qtiArea,
  qtiPicture,
  takePicture,
  writtenCoords,
  writtenPicture,
  type ForeignArea,
  type PictureBody,
} from '../areas-exchange.js';
import type { TypeExchange } from '../type-exchange.js';
import type { DragImageDefinition } from './dragimage.js';

type Zone = ForeignArea & { readonly answer: string };

interface DragImageBody extends PictureBody {
  readonly kind: 'dragImage';
  readonly zones: readonly Zone[];
  /** Captions that belong nowhere. */
  readonly extra: readonly string[];
}

const isDragImage = (body: ForeignBody): body is DragImageBody => body.kind === 'dragImage';

const captionsOf = ({ zones, extra }: Pick<DragImageBody, 'zones' | 'extra'>): string[] => [
  ...new Set([...zones.map(({ answer }) => answer), ...extra]),
];

export const exchange: TypeExchange<DragImageDefinition, DragImageBody> = {
  kind: 'dragImage',
  take: ({ body }) =>
    isDragImage(body)
      ? {
          fields: {
            ...takePicture(body, body.zones),
            answer: body.zones.map(({ answer }) => answer),
            distractors: [...body.extra],
          },
          image: body.image,
        }
      : null,
  body: ({ image, width, height, zones, distractors }) => ({
    kind: 'dragImage',
    image,
    width,
    height,
    zones,
    extra: distractors,
  }),
  key: ({ zones }) => zones.map(({ answer }, index) => `${index + 1}. ${answer}`),
  moodle: {
    names: ['ddimageortext', 'ddmarker'],
    read: (element, context) => ({
      body:
        attribute(element, 'type') === 'ddmarker'
          ? readMarkers(element, context)
          : readImage(element, context),
    }),
    name: 'ddmarker',
    write: (body, { file }) => markers(file(body.image), captionsOf(body), body.zones),
  },
  qti: {
    read: ({ only, find }) =>
      only?.name === 'graphicGapMatchInteraction' ? readQti(only.element, only.response, find) : null,
    isAskedBelow: true,
    write: writeQti,
  },
};

/** Moodle keeps only where a place begins: as large as its captions usually are. */
const PLACE = { width: 120, height: 36 };

const unused = (captions: Iterable<string>, zones: readonly Zone[]): string[] => {
  const used = new Set(zones.map(({ answer }) => answer));
  return [...captions].filter((caption) => !used.has(caption));
};

/** https://docs.moodle.org/en/Drag_and_drop_onto_image_question_type */
function readImage(element: XmlElement, context: BodyContext): DragImageBody {
  const drags = new Map(
    elementsOf(element, 'drag').map((drag) => {
      const label = contentIn(drag, 'text');
      // A caption that is a picture is shown by its name.
      const file = elementsOf(drag, 'file')[0];
      if (file)
        context.notes.push({ key: 'types.dragimage.pictureCaption', what: label || attribute(file, 'name') });
      const name = label || (file ? attribute(file, 'name').replace(/\.\w+$/u, '') : '');
      return [contentIn(drag, 'no'), name] as const;
    }),
  );
  const zones = elementsOf(element, 'drop').flatMap((drop): Zone[] => {
    const answer = drags.get(contentIn(drop, 'choice'));
    const [left, top] = [numberIn(drop, 'xleft'), numberIn(drop, 'ytop')];
    if (answer === undefined || !Number.isFinite(left) || !Number.isFinite(top)) return [];
    return [{ shape: 'rect', coords: [left, top, left + PLACE.width, top + PLACE.height], answer }];
  });
  const extra = unused(drags.values(), zones).filter((caption) => caption !== '');
  return { kind: 'dragImage', image: moodlePicture(element, context), width: 0, height: 0, zones, extra };
}

/** https://docs.moodle.org/en/Drag_and_drop_markers_question_type */
function readMarkers(element: XmlElement, context: BodyContext): DragImageBody {
  const drags = new Map(
    elementsOf(element, 'drag').map((drag) => [contentIn(drag, 'no'), contentIn(drag, 'text')]),
  );
  const zones = elementsOf(element, 'drop').flatMap((drop) => {
    const answer = drags.get(contentIn(drop, 'choice'));
    const area = markerArea(contentIn(drop, 'shape'), contentIn(drop, 'coords'));
    return answer === undefined || area === null ? [] : [{ ...area, answer }];
  });
  const extra = unused(drags.values(), zones);
  return { kind: 'dragImage', image: moodlePicture(element, context), width: 0, height: 0, zones, extra };
}

/** `circle` `x,y;r`, `rectangle` `x,y;w,h`, `polygon` `x,y;x,y;…` */
function markerArea(shape: string, coords: string): ForeignArea | null {
  const numbers = (coords.match(/-?\d+(?:\.\d+)?/gu) ?? []).map(Number);
  const [x = 0, y = 0, width = 0, height = 0] = numbers;
  if (shape === 'circle') return { shape: 'circle', coords: [x, y, width] };
  if (shape === 'rectangle') return { shape: 'rect', coords: [x, y, x + width, y + height] };
  return shape === 'polygon' ? { shape: 'poly', coords: numbers } : null;
}

function readQti(element: XmlElement, { correct }: Response, find: FindFile): DragImageBody {
  const captions = new Map(
    [...all(element, 'gapText'), ...all(element, 'gapImg')].map((choice) => {
      const id = attr(choice, 'identifier');
      const inner = descendants(choice, (name) => name === 'object' || name === 'img')[0];
      const words = plainFromHtml(markupOf(choice)).text;
      const alt = inner ? attr(inner, 'alt') : '';
      return [id, attr(choice, 'objectLabel') || words || alt || id];
    }),
  );
  const pairs = new Map(
    correct.map((pair) => {
      const [caption = '', place = ''] = pair.trim().split(/\s+/u);
      return [place, caption];
    }),
  );
  const zones = all(element, 'associableHotspot').flatMap((place) => {
    const area = qtiArea(place);
    const answer = captions.get(pairs.get(attr(place, 'identifier')) ?? '');
    return area && answer !== undefined ? [{ ...area, answer }] : [];
  });
  const extra = unused(captions.values(), zones);
  return { kind: 'dragImage', ...qtiPicture(element, find), zones, extra };
}

function writeQti(body: DragImageBody, text: string, media: MediaById): Asked {
  const { zones } = body;
  const captions = captionsOf(body);
  const drags = captions.map((caption, index) => {
    const count = zones.filter(({ answer }) => answer === caption).length;
    return `<qti-gap-text identifier="C${index + 1}" match-max="${Math.max(1, count)}">${xmlText(caption)}</qti-gap-text>`;
  });
  const places = zones.map(
    (zone, index) =>
      `<qti-associable-hotspot identifier="Z${index + 1}" match-max="1" shape="${zone.shape}" coords="${writtenCoords(zone)}"/>`,
  );
  const pairs = zones.map(({ answer }, index) => `C${captions.indexOf(answer) + 1} Z${index + 1}`);
  return {
    declarations: declaration(R, 'multiple', 'directedPair', pairs),
    body: `${text}<qti-graphic-gap-match-interaction response-identifier="${R}" max-associations="${zones.length}">${writtenPicture(body, media)}${drags.join('')}${places.join('')}</qti-graphic-gap-match-interaction>`,
  };
}
