import { firstAnswer, unknownBody } from '../by-type.js';
import type { ForeignBody, ForeignFile, ForeignQuestion } from '../foreign.js';
import type { FindFile } from '../html.js';
import { attribute, descendants, firstOf, textOf, type XmlElement } from '../xml.js';
import { materialOf, named, type Key12 } from './qti12-parts.js';

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
  return {
    title: attribute(item, 'title'),
    text: materialOf(flow, find) || materialOf(presentation, find) || attribute(item, 'title'),
    mark: Number(points) > 0 ? Number(points) : 1,
    feedback: '',
    category: '',
    tags: [],
    place,
    body: presentation ? bodyOf(item, presentation, find) : unknownBody('item'),
    notes: named(item, 'itemfeedback').length > 0 ? [{ key: 'combinedFeedback' }] : [],
  };
}

function metadata(item: XmlElement, label: string): string {
  const field = named(item, 'qtimetadatafield').find(
    (found) => textOf(firstOf(found, 'fieldlabel')).trim() === label,
  );
  return textOf(field && firstOf(field, 'fieldentry')).trim();
}

/** Values that a condition asks for, outside `not`, where it sets points. */
function keysOf(item: XmlElement): Key12[] {
  return named(item, 'respcondition').flatMap((condition) => {
    const points = Number(textOf(named(condition, 'setvar')[0]).trim());
    const conditions = firstOf(condition, 'conditionvar');
    if (conditions === undefined || !(points > 0)) return [];
    const refused = new Set(named(conditions, 'not').flatMap((not) => named(not, 'varequal')));
    return named(conditions, 'varequal')
      .filter((equal) => !refused.has(equal))
      .map((equal) => ({ response: attribute(equal, 'respident'), value: textOf(equal).trim() }));
  });
}

/** Types that are named, whatever else the item holds. */
const BY_NAME = /essay|file_upload/u;

function bodyOf(item: XmlElement, presentation: XmlElement, find?: FindFile): ForeignBody {
  const type = metadata(item, 'question_type');
  const isNamed = BY_NAME.test(type);
  const asked = {
    type,
    choices: isNamed ? [] : named(presentation, 'response_lid'),
    hasTyped: !isNamed && named(presentation, 'response_str').length > 0,
    keys: keysOf(item),
    find,
  };
  return firstAnswer(({ qti12 }) => qti12?.read(asked)) ?? unknownBody(type || 'item');
}
