import type { ForeignArea, ForeignBody } from '../foreign.js';
import { attribute, elementsOf, firstOf, textOf, type XmlElement } from '../xml.js';
import { addFile, type BodyContext } from './moodle-files.js';

/* Types of Moodle with gaps, places on a picture, and numbers that are drawn. */

const numberOf = (element: XmlElement | undefined, name: string): number =>
  Number(textOf(element && firstOf(element, name)).trim());

/**
 * `ddwtos` and `gapselect`: the text holds `[[1]]`, the number of a word in the list; the same word may stand in
 * several gaps. https://docs.moodle.org/en/Drag_and_drop_into_text_question_type
 */
export function dragWordsOf(
  element: XmlElement,
  type: string,
  { stem, notes }: BodyContext,
): { body: ForeignBody; text: string } {
  const boxes = elementsOf(element, type === 'ddwtos' ? 'dragbox' : 'selectoption');
  const words = boxes.map((box) => textOf(firstOf(box, 'text')).trim());
  const groups = new Set(boxes.map((box) => textOf(firstOf(box, 'group')).trim() || '1'));
  // Here every gap offers all words.
  if (groups.size > 1) notes.push({ key: 'wordGroups' });
  const answers: string[] = [];
  const text = stem.replace(/\[\[(\d{1,3})\]\]/gu, (match, number: string) => {
    const word = words[Number(number) - 1];
    if (word === undefined) return match;
    answers.push(word);
    return `{{${answers.length}}}`;
  });
  const used = new Set(answers);
  return {
    text,
    body: { kind: 'dragWords', answers, extra: words.filter((word) => !used.has(word) && word !== '') },
  };
}

const pictureOf = (element: XmlElement, { embedded }: BodyContext): string => {
  const file = elementsOf(element, 'file')[0];
  return file === undefined ? '' : addFile(file, embedded);
};

/** Moodle keeps only where a place begins: as large as its captions usually are. */
const PLACE = { width: 120, height: 36 };

/** https://docs.moodle.org/en/Drag_and_drop_onto_image_question_type */
export function dragImageOf(element: XmlElement, context: BodyContext): ForeignBody {
  const drags = new Map(
    elementsOf(element, 'drag').map((drag) => {
      const no = textOf(firstOf(drag, 'no')).trim();
      const label = textOf(firstOf(drag, 'text')).trim();
      // A caption that is a picture is shown by its name.
      const file = elementsOf(drag, 'file')[0];
      if (file) context.notes.push({ key: 'pictureCaption', what: label || attribute(file, 'name') });
      return [no, label || (file ? attribute(file, 'name').replace(/\.\w+$/u, '') : '')] as const;
    }),
  );
  const zones = elementsOf(element, 'drop').flatMap((drop) => {
    const answer = drags.get(textOf(firstOf(drop, 'choice')).trim());
    const [left, top] = [numberOf(drop, 'xleft'), numberOf(drop, 'ytop')];
    if (answer === undefined || !Number.isFinite(left) || !Number.isFinite(top)) return [];
    const area: ForeignArea = {
      shape: 'rect',
      coords: [left, top, left + PLACE.width, top + PLACE.height],
    };
    return [{ ...area, answer }];
  });
  const used = new Set(zones.map(({ answer }) => answer));
  return {
    kind: 'dragImage',
    image: pictureOf(element, context),
    width: 0,
    height: 0,
    zones,
    extra: [...drags.values()].filter((text) => text !== '' && !used.has(text)),
  };
}

/** `circle` `x,y;r`, `rectangle` `x,y;w,h`, `polygon` `x,y;x,y;…` */
function markerArea(shape: string, coords: string): ForeignArea | null {
  const numbers = (coords.match(/-?\d+(?:\.\d+)?/gu) ?? []).map(Number);
  const [x = 0, y = 0, width = 0, height = 0] = numbers;
  if (shape === 'circle') return { shape: 'circle', coords: [x, y, width] };
  if (shape === 'rectangle') return { shape: 'rect', coords: [x, y, x + width, y + height] };
  return shape === 'polygon' ? { shape: 'poly', coords: numbers } : null;
}

/** https://docs.moodle.org/en/Drag_and_drop_markers_question_type */
export function dragMarkersOf(element: XmlElement, context: BodyContext): ForeignBody {
  const drags = new Map(
    elementsOf(element, 'drag').map((drag) => [
      textOf(firstOf(drag, 'no')).trim(),
      textOf(firstOf(drag, 'text')).trim(),
    ]),
  );
  const zones = elementsOf(element, 'drop').flatMap((drop) => {
    const answer = drags.get(textOf(firstOf(drop, 'choice')).trim());
    const area = markerArea(textOf(firstOf(drop, 'shape')).trim(), textOf(firstOf(drop, 'coords')));
    return answer === undefined || area === null ? [] : [{ ...area, answer }];
  });
  const used = new Set(zones.map(({ answer }) => answer));
  return {
    kind: 'dragImage',
    image: pictureOf(element, context),
    width: 0,
    height: 0,
    zones,
    extra: [...drags.values()].filter((text) => !used.has(text)),
  };
}

const RELATIVE = '1';

/** A formula of the numbers `{a}`, with the ranges of its data set. https://docs.moodle.org/en/Calculated_question_type */
export function calculatedOf(element: XmlElement): ForeignBody {
  const answers = elementsOf(element, 'answer');
  const best = answers.find((answer) => attribute(answer, 'fraction') === '100') ?? answers[0];
  const variables = elementsOf(firstOf(element, 'dataset_definitions') ?? element, 'dataset_definition').map(
    (set) => ({
      name: textOf(firstOf(firstOf(set, 'name'), 'text')).trim(),
      least: Number(textOf(firstOf(firstOf(set, 'minimum'), 'text')).trim()),
      most: Number(textOf(firstOf(firstOf(set, 'maximum'), 'text')).trim()),
      decimals: Number(textOf(firstOf(firstOf(set, 'decimals'), 'text')).trim() || '0'),
    }),
  );
  const kind = textOf(best && firstOf(best, 'tolerancetype')).trim() === RELATIVE ? 'relative' : 'absolute';
  const tolerance = numberOf(best, 'tolerance');
  return {
    kind: 'calculated',
    formula: textOf(best && firstOf(best, 'text'))
      .trim()
      .replace(/\{(\w+)\}/gu, '$1')
      .replace(/\bpi\(\)/gu, 'PI'),
    variables,
    // Moodle's relative tolerance is a share, ours a percentage.
    tolerance: Number.isFinite(tolerance) ? (kind === 'relative' ? tolerance * 100 : tolerance) : 0,
    toleranceKind: kind,
  };
}
