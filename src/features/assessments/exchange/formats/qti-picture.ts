import type { ForeignArea, ForeignBody } from '../foreign.js';
import { plainFromHtml, type FindFile } from '../html.js';
import { descendants, localName, markupOf, type XmlElement } from '../xml.js';
import { attr, qtiName, type Response } from './qti-names.js';

/* Interactions on a picture. https://www.imsglobal.org/spec/qti/v3p0/impl#h.5n5ulvmlz7bc */

const named = (parent: XmlElement, name: string): XmlElement[] =>
  descendants(parent, (found) => qtiName(found) === name);

const escaped = (text: string): string => text.replace(/&/gu, '&amp;').replace(/"/gu, '&quot;');

/** A picture or recording as HTML; null for any other element. */
export function mediaTag(element: XmlElement): string | null {
  const name = localName(element);
  if (name === 'img')
    return `<img src="${escaped(attr(element, 'src'))}" alt="${escaped(attr(element, 'alt'))}">`;
  if (name === 'object') {
    const tag = attr(element, 'type').startsWith('audio/') ? 'audio' : 'img';
    const alt = escaped(element.text.replace(/\s+/gu, ' ').trim().slice(0, 200));
    return `<${tag} src="${escaped(attr(element, 'data'))}" alt="${alt}">${tag === 'audio' ? '</audio>' : ''}`;
  }
  if (name !== 'audio') return null;
  const source = attr(element, 'src') || attr(named(element, 'source')[0] ?? element, 'src');
  return `<audio src="${escaped(source)}" title="${escaped(attr(element, 'title'))}"></audio>`;
}

/** The picture of an interaction: `object` of QTI 2, also `img` and `picture` of QTI 3. */
function pictureOf(element: XmlElement, find: FindFile): { image: string; width: number; height: number } {
  const isPicture = (name: string): boolean => name === 'object' || name === 'img';
  const [picture] = descendants(element, isPicture).filter((found) => !isChoice(found, element));
  const address = picture ? attr(picture, 'data') || attr(picture, 'src') : '';
  const size = (name: string): number =>
    Number((picture ? attr(picture, name) : '').replace(/px$/u, '')) || 0;
  return { image: find(address) ?? '', width: size('width'), height: size('height') };
}

/** Pictures of the draggable choices are none of the interaction. */
const isChoice = (picture: XmlElement, interaction: XmlElement): boolean => {
  for (let at = picture.parent; at !== null && at !== interaction; at = at.parent) {
    if ('name' in at && /^(?:gapImg|gapText)$/u.test(qtiName(localName(at)))) return true;
  }
  return false;
};

/** Circles `x,y,r`, rectangles `left,top,right,bottom`, polygons with their first point once or twice. */
function areaOf(element: XmlElement): ForeignArea | null {
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

export function hotspotOf(element: XmlElement, { correct, mapping }: Response, find: FindFile): ForeignBody {
  const areas = named(element, 'hotspotChoice').flatMap((choice) => {
    const id = attr(choice, 'identifier');
    const area = areaOf(choice);
    return area ? [{ ...area, right: correct.includes(id) || (mapping.get(id) ?? 0) > 0 }] : [];
  });
  return { kind: 'hotspot', ...pictureOf(element, find), areas };
}

export function graphicGapMatchOf(element: XmlElement, { correct }: Response, find: FindFile): ForeignBody {
  const captions = new Map(
    [...named(element, 'gapText'), ...named(element, 'gapImg')].map((choice) => {
      const inner = descendants(choice, (name) => name === 'object' || name === 'img')[0];
      const words = plainFromHtml(markupOf(choice)).text;
      const alt = inner ? attr(inner, 'alt') : '';
      return [
        attr(choice, 'identifier'),
        attr(choice, 'objectLabel') || words || alt || attr(choice, 'identifier'),
      ];
    }),
  );
  const pairs = new Map(
    correct.map((pair) => {
      const [caption = '', place = ''] = pair.trim().split(/\s+/u);
      return [place, caption];
    }),
  );
  const zones = named(element, 'associableHotspot').flatMap((place) => {
    const area = areaOf(place);
    const answer = captions.get(pairs.get(attr(place, 'identifier')) ?? '');
    return area && answer !== undefined ? [{ ...area, answer }] : [];
  });
  const used = new Set(zones.map(({ answer }) => answer));
  const extra = [...captions.values()].filter((caption) => !used.has(caption));
  return { kind: 'dragImage', ...pictureOf(element, find), zones, extra };
}
