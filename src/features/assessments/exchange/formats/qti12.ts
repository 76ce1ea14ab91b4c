import type { ForeignAnswer, ForeignBody, ForeignFile, ForeignQuestion } from '../foreign.js';
import { plainFrom, type FindFile } from '../html.js';
import { attribute, descendants, elementsOf, firstOf, localName, textOf, type XmlElement } from '../xml.js';

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

const named = (parent: XmlElement, name: string): XmlElement[] =>
  descendants(parent, (found) => found === name);

const materialOf = (parent: XmlElement | undefined, find?: FindFile): string =>
  parent === undefined
    ? ''
    : elementsOf(parent)
        .filter((element) => localName(element) === 'material' || localName(element) === 'flow')
        .flatMap((element) => descendants(element, (name) => /^mat(?:text|image|audio)$/u.test(name)))
        .map((element) => plainFrom(markupOf12(element), 'html', find).text)
        .join('\n')
        .trim();

/** A text, or a picture or recording as HTML. */
const markupOf12 = (element: XmlElement): string => {
  const name = localName(element);
  if (name === 'mattext') return textOf(element);
  const address = attribute(element, 'uri').replace(/&/gu, '&amp;').replace(/"/gu, '&quot;');
  return name === 'mataudio' ? `<audio src="${address}"></audio>` : `<img src="${address}">`;
};

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
    body: presentation ? bodyOf(item, presentation, find) : { kind: 'unknown', name: 'item' },
    notes: named(item, 'itemfeedback').length > 0 ? [{ key: 'combinedFeedback' }] : [],
  };
}

function metadata(item: XmlElement, label: string): string {
  const field = named(item, 'qtimetadatafield').find(
    (found) => textOf(firstOf(found, 'fieldlabel')).trim() === label,
  );
  return textOf(field && firstOf(field, 'fieldentry')).trim();
}

/** Values that a condition asks for, outside `not`, with the points that it sets. */
function keysOf(item: XmlElement): { response: string; value: string; points: number }[] {
  return named(item, 'respcondition').flatMap((condition) => {
    const points = Number(textOf(named(condition, 'setvar')[0]).trim());
    const conditions = firstOf(condition, 'conditionvar');
    if (conditions === undefined || !(points > 0)) return [];
    const refused = new Set(named(conditions, 'not').flatMap((not) => named(not, 'varequal')));
    return named(conditions, 'varequal')
      .filter((equal) => !refused.has(equal))
      .map((equal) => ({ response: attribute(equal, 'respident'), value: textOf(equal).trim(), points }));
  });
}

function bodyOf(item: XmlElement, presentation: XmlElement, find?: FindFile): ForeignBody {
  const keys = keysOf(item);
  const [choice, ...more] = named(presentation, 'response_lid');
  const typed = named(presentation, 'response_str')[0];
  const type = metadata(item, 'question_type');
  if (type.includes('essay')) return { kind: 'essay' };
  if (type.includes('file_upload')) return { kind: 'file' };
  if (choice !== undefined && more.length > 0) return matchOf([choice, ...more], keys, find);
  if (choice !== undefined) {
    const several = /^multiple$/iu.test(attribute(choice, 'rcardinality'));
    const rights = keys
      .filter(({ response }) => response === attribute(choice, 'ident'))
      .map(({ value }) => value);
    return {
      kind: 'choice',
      several,
      answers: labels(choice, find).map(({ id, text }) => share(text, id, rights, several)),
    };
  }
  if (typed === undefined) return { kind: 'unknown', name: type || 'item' };
  if (keys.length === 0) return { kind: 'essay' };
  if (type.includes('numerical') && keys.every(({ value }) => Number.isFinite(Number(value))))
    return {
      kind: 'number',
      units: [],
      answers: keys.map(({ value }) => ({ value: Number(value), tolerance: 0, fraction: 1 })),
    };
  return {
    kind: 'short',
    caseMatters: false,
    answers: keys.map(({ value }) => ({ text: value, fraction: 1 })),
  };
}

const share = (text: string, id: string, rights: readonly string[], several: boolean): ForeignAnswer => ({
  text,
  fraction: rights.includes(id) ? 1 / (several ? Math.max(1, rights.length) : 1) : 0,
});

const labels = (response: XmlElement, find?: FindFile): { id: string; text: string }[] =>
  named(response, 'response_label').map((label) => ({
    id: attribute(label, 'ident'),
    text: materialOf(label, find),
  }));

function matchOf(
  responses: readonly XmlElement[],
  keys: ReturnType<typeof keysOf>,
  find?: FindFile,
): ForeignBody {
  const pairs = responses.flatMap((response) => {
    const key = keys.find((found) => found.response === attribute(response, 'ident'));
    const right = labels(response).find(({ id }) => id === key?.value)?.text;
    const left = materialOf(response, find);
    return right !== undefined && left !== '' ? [{ left, right }] : [];
  });
  const used = new Set(pairs.map(({ right }) => right));
  const [first] = responses;
  const extra = (first ? labels(first) : []).map(({ text }) => text).filter((text) => !used.has(text));
  return { kind: 'matching', pairs, extra };
}
