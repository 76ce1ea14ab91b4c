import type { ForeignAnswer, ForeignBody, ForeignNumber, Note } from '../../exchange/foreign.js';
import { qtiName, type QtiAsked, type Response } from '../../exchange/formats/qti-names.js';
import { choicesOf, isNumber, keysOf } from '../../exchange/formats/qti-parts.js';
import {
  choiceId,
  declaration,
  simple,
  typedDeclaration,
  type Asked,
} from '../../exchange/writers/qti3-parts.js';
import { labelsOf } from '../../exchange/formats/qti12-parts.js';
import { attribute, localName, type XmlElement } from '../../exchange/xml.js';
import { stemOf, takeText, withGaps } from '../gaps-exchange.js';
import type { TypeExchange } from '../type-exchange.js';
import type { ClozeDefinition } from './cloze.js';
import { gapKey, type Gap } from './gap.js';
import { readCloze, writeGap } from './moodle.js';

/** A gap of a text; the text holds its number in double braces: `{{1}}`. */
export type ForeignGap =
  | {
      readonly kind: 'choice' | 'short';
      readonly answers: readonly ForeignAnswer[];
      readonly caseMatters: boolean;
    }
  | { readonly kind: 'number'; readonly answers: readonly ForeignNumber[] };

interface ClozeBody extends ForeignBody {
  readonly kind: 'cloze';
  readonly gaps: readonly ForeignGap[];
}

const isCloze = (body: ForeignBody): body is ClozeBody => body.kind === 'cloze';

export const exchange: TypeExchange<ClozeDefinition, ClozeBody> = {
  kind: 'cloze',
  take: (question) =>
    isCloze(question.body)
      ? { fields: { ...takeText(question), gaps: question.body.gaps.map(takeGap) } }
      : null,
  body: ({ gaps }) => ({ kind: 'cloze', gaps: gaps.map(gapBody) }),
  stem: stemOf,
  key: ({ gaps }) => gaps.map((gap, index) => `${index + 1}. ${gapKey(gap)}`),
  moodle: {
    names: ['cloze', 'multianswer'],
    read(_element, { stem, notes }) {
      const { text, gaps, unknown, isWeighted } = readCloze(stem);
      notes.push(...unknown.map((what) => ({ key: 'types.cloze.unknownGap', what })), ...lostOf(gaps));
      if (isWeighted) notes.push({ key: 'types.cloze.weights' });
      return { body: { kind: 'cloze', gaps }, text };
    },
    name: 'cloze',
    write: () => '',
    text: ({ gaps }, text) =>
      withGaps(text, (number, mark) => {
        const gap = gaps[number - 1];
        return gap ? writeGap(gap) : mark;
      }),
  },
  qti12: {
    read({ type, choices, keys, gaps, find }) {
      const [, kind] = /multiple_(blanks|dropdowns)/u.exec(type) ?? [];
      if (kind === undefined || choices.length === 0) return null;
      choices.forEach((list, index) => gaps.set(list, index + 1));
      const isRight = (list: XmlElement, id: string): boolean =>
        keys.some(({ response, value }) => response === attribute(list, 'ident') && value === id);
      return {
        kind: 'cloze',
        gaps: choices.map((list) => ({
          kind: kind === 'dropdowns' ? 'choice' : 'short',
          caseMatters: false,
          answers: labelsOf(list, find).map(({ id, text }) => ({
            text,
            fraction: isRight(list, id) ? 1 : 0,
          })),
        })),
      };
    },
  },
  qti: { read: readQti, write: ({ gaps }, text) => writeQti(gaps, text) },
};

/** What gaps of a file have and ours have not. */
function lostOf(gaps: readonly ForeignGap[]): Note[] {
  const hasFeedback = gaps.some(({ answers }) => answers.some(({ feedback = '' }) => feedback !== ''));
  const hasCase = gaps.some((gap) => gap.kind === 'short' && gap.caseMatters);
  const hasNumbers = gaps.some(
    ({ kind, answers }) => kind === 'number' && answers.filter(({ fraction }) => fraction > 0).length > 1,
  );
  return [
    ...(hasFeedback ? [{ key: 'answerFeedback' }] : []),
    ...(hasCase ? [{ key: 'types.cloze.gapCase' }] : []),
    ...(hasNumbers ? [{ key: 'types.cloze.otherNumbers' }] : []),
  ];
}

/** The gap as the form's schema takes it. */
function takeGap(gap: ForeignGap): object {
  if (gap.kind === 'number') {
    const best = [...gap.answers].sort((a, b) => b.fraction - a.fraction)[0];
    return { kind: 'numerical', value: best?.value ?? NaN, tolerance: best?.tolerance ?? 0 };
  }
  const answers = gap.answers.map(({ text, fraction }) => ({
    text,
    fraction: Math.min(1, Math.max(0, fraction)),
  }));
  return gap.kind === 'choice'
    ? { kind: 'choice', options: answers }
    : { kind: 'short', accepted: answers.filter(({ fraction }) => fraction > 0) };
}

function gapBody(gap: Gap): ForeignGap {
  switch (gap.kind) {
    case 'choice':
      return { kind: 'choice', caseMatters: false, answers: gap.options };
    case 'short':
      return { kind: 'short', caseMatters: false, answers: gap.accepted };
    case 'numerical':
      return { kind: 'number', answers: [{ value: gap.value, tolerance: gap.tolerance, fraction: 1 }] };
  }
}

/** A choice of one answer beside other interactions is a gap as well. */
function isGap(element: XmlElement, among: boolean, { cardinality }: Response): boolean {
  const name = qtiName(localName(element));
  if (name === 'choiceInteraction') return among && cardinality === 'single';
  return name === 'textEntryInteraction' || name === 'inlineChoiceInteraction';
}

function readQti({ interactions, only, response, gaps }: QtiAsked): ClozeBody | null {
  // A place for one answer is a question of its own type.
  if (only?.name === 'textEntryInteraction') return null;
  if (!interactions.every((element) => isGap(element, only === null, response(element)))) return null;
  interactions.forEach((element, index) => gaps.set(element, index + 1));
  return { kind: 'cloze', gaps: interactions.map((element) => qtiGap(element, response(element))) };
}

function qtiGap(element: XmlElement, response: Response): ForeignGap {
  const name = qtiName(localName(element));
  if (name !== 'textEntryInteraction') {
    const option = name === 'choiceInteraction' ? 'simpleChoice' : 'inlineChoice';
    return { kind: 'choice', caseMatters: false, answers: choicesOf(element, option, response) };
  }
  const keys = keysOf(response);
  return isNumber(response)
    ? {
        kind: 'number',
        answers: keys.map(({ text, fraction }) => ({ value: Number(text), tolerance: 0, fraction })),
      }
    : { kind: 'short', answers: keys, caseMatters: false };
}

const idOf = (index: number): string => `GAP${index + 1}`;

function gapDeclaration(gap: ForeignGap, index: number): string {
  const id = idOf(index);
  if (gap.kind === 'choice')
    return declaration(
      id,
      'single',
      'identifier',
      gap.answers.flatMap(({ fraction }, at) => (fraction === 1 ? [choiceId(at)] : [])),
    );
  if (gap.kind === 'number') {
    const keys = gap.answers.map(({ value, fraction }) => ({ text: String(value), fraction }));
    return typedDeclaration(id, 'float', keys);
  }
  return typedDeclaration(id, 'string', gap.answers);
}

const writeQti = (gaps: readonly ForeignGap[], text: string): Asked => ({
  declarations: gaps.map(gapDeclaration).join(''),
  body: withGaps(text, (number, mark) => {
    const gap = gaps[number - 1];
    if (gap === undefined) return mark;
    const id = idOf(number - 1);
    if (gap.kind !== 'choice') return `<qti-text-entry-interaction response-identifier="${id}"/>`;
    const options = simple(
      gap.answers.map((answer) => answer.text),
      'qti-inline-choice',
    );
    return `<qti-inline-choice-interaction response-identifier="${id}">${options}</qti-inline-choice-interaction>`;
  }),
});
