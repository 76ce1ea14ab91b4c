import { firstAnswer, unknownBody } from '../by-type.js';
import type { ForeignBody, ForeignFile, ForeignQuestion } from '../foreign.js';
import type { FindFile } from '../html.js';
import { attribute, descendants, elementsOf, firstOf, localName, textOf, type XmlElement } from '../xml.js';
import { materialOf, named, type Key12, type Range12 } from './qti12-parts.js';

/** Items of QTI 1.2, as Canvas and Blackboard export them. https://www.imsglobal.org/question/qtiv1p2/imsqti_asi_infov1p2.html */
export function readItems12(root: XmlElement, place: string, find?: FindFile): ForeignFile {
  const items = descendants(root, (name) => name === 'item');
  return {
    questions: items.map((item, index) =>
      itemOf(item, `${place}${place === '' ? '' : ' · '}${index + 1}`, find),
    ),
    unreadable: items.length === 0 ? [{ place, key: 'notItem', what: root.name }] : [],
  };
}

function itemOf(item: XmlElement, place: string, find?: FindFile): ForeignQuestion {
  const presentation = firstOf(item, 'presentation');
  const flow = presentation && (firstOf(presentation, 'flow') ?? presentation);
  const points = metadata(item, 'points_possible');
  const gaps = new Map<XmlElement, number>();
  const body = presentation ? bodyOf(item, presentation, gaps, find) : unknownBody('item');
  const text = materialOf(flow, find) || materialOf(presentation, find) || attribute(item, 'title');
  return {
    name: nameOf(attribute(item, 'title')),
    text: withGapsMarked(text, gaps),
    mark: Number(points) > 0 ? Number(points) : 1,
    feedback: '',
    category: '',
    tags: [],
    place,
    body,
    notes: named(item, 'itemfeedback').length > 0 ? [{ key: 'combinedFeedback' }] : [],
  };
}

/** Canvas calls every question that was given no name so. */
const nameOf = (title: string): string => (title === 'Question' ? '' : title);

function metadata(item: XmlElement, label: string): string {
  const field = named(item, 'qtimetadatafield').find(
    (found) => textOf(firstOf(found, 'fieldlabel')).trim() === label,
  );
  return textOf(field && firstOf(field, 'fieldentry')).trim();
}

/** What conditions ask for that set points. */
const conditionsOf = (item: XmlElement): XmlElement[] =>
  named(item, 'respcondition').flatMap((condition) => {
    const points = Number(textOf(named(condition, 'setvar')[0]).trim());
    const conditions = firstOf(condition, 'conditionvar');
    return conditions !== undefined && points > 0 ? [conditions] : [];
  });

/** Values that a condition asks for, outside `not`, where it sets points. */
function keysOf(item: XmlElement): Key12[] {
  return conditionsOf(item).flatMap((conditions) => {
    const refused = new Set(named(conditions, 'not').flatMap((not) => named(not, 'varequal')));
    return named(conditions, 'varequal')
      .filter((equal) => !refused.has(equal))
      .map((equal) => ({ response: attribute(equal, 'respident'), value: textOf(equal).trim() }));
  });
}

/** Canvas writes the name of a list in brackets where its gap is. */
const withGapsMarked = (text: string, gaps: ReadonlyMap<XmlElement, number>): string =>
  [...gaps].reduce(
    (marked, [list, number]) => marked.replaceAll(`[${materialOf(list)}]`, `{{${number}}}`),
    text,
  );

/** Bounds that stand together in a condition which sets points. */
function rangesOf(item: XmlElement): Range12[] {
  return conditionsOf(item).flatMap((conditions) =>
    [conditions, ...named(conditions, 'and')].flatMap((together) => {
      const [least, most] = [/^vargte?$/u, /^varlte?$/u].map((name) => {
        const bound = elementsOf(together).find((element) => name.test(localName(element)));
        return bound === undefined ? NaN : Number(textOf(bound).trim().replace(',', '.'));
      }) as [number, number];
      return least <= most ? [{ least, most }] : [];
    }),
  );
}

/** Types that are named, whatever else the item holds. */
const BY_NAME = /essay|file_upload/u;

function bodyOf(
  item: XmlElement,
  presentation: XmlElement,
  gaps: Map<XmlElement, number>,
  find?: FindFile,
): ForeignBody {
  const type = metadata(item, 'question_type');
  const isNamed = BY_NAME.test(type);
  const asked = {
    type,
    choices: isNamed ? [] : named(presentation, 'response_lid'),
    hasTyped: !isNamed && named(presentation, 'response_str').length > 0,
    keys: keysOf(item),
    ranges: rangesOf(item),
    gaps,
    find,
  };
  return firstAnswer(({ qti12 }) => qti12?.read(asked)) ?? unknownBody(type || 'item');
}
