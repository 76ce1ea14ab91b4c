import type { ForeignAnswer, ForeignBody } from '../../exchange/foreign.js';
import { answersOf as giftAnswers } from '../../exchange/formats/gift-parts.js';
import { answersOf as moodleAnswers, contentIn } from '../../exchange/formats/moodle-parts.js';
import { isNumber, keysOf } from '../../exchange/formats/qti-parts.js';
import { rows, weight } from '../../exchange/writers/gift-parts.js';
import { answer } from '../../exchange/writers/moodle-parts.js';
import { entryAsked } from '../../exchange/writers/qti3-parts.js';
import { weighted } from '../numbers.js';
import { remarksOf } from '../remarks.js';
import { isNumeric12 } from '../numerical/exchange.js';
import type { TypeExchange } from '../type-exchange.js';
import type { ShortDefinition } from './short.js';

interface ShortBody extends ForeignBody {
  readonly kind: 'short';
  readonly answers: readonly ForeignAnswer[];
  readonly caseMatters: boolean;
}

const isShort = (body: ForeignBody): body is ShortBody => body.kind === 'short';
const isWhole = ({ fraction }: ForeignAnswer): boolean => fraction > 0.999;

/** A text that reads as a weight and a text, "5 % соли", gets its own weight. */
const wholeLine = (text: string): string => (weighted(text).text === text ? text : `100 % ${text}`);

const allRight = (texts: readonly string[]): ShortBody => ({
  kind: 'short',
  answers: texts.map((text) => ({ text, fraction: 1 })),
  caseMatters: false,
});

export const exchange: TypeExchange<ShortDefinition, ShortBody> = {
  kind: 'short',
  take({ body }) {
    if (!isShort(body)) return null;
    const [rights, parts] = [body.answers.filter(isWhole), body.answers.filter((given) => !isWhole(given))];
    const said = body.answers.filter(({ feedback = '' }) => feedback !== '');
    const remarks = remarksOf(said);
    return {
      fields: {
        ...(remarks.length > 0 && { remarks }),
        accepted: rights.map(({ text }) => wholeLine(text)),
        partly: parts
          .filter(({ fraction }) => fraction > 0)
          .map(({ text, fraction }) => ({ text, fraction })),
        ...(body.caseMatters && { caseMatters: 'on' }),
      },
      notes: remarks.length < said.length ? [{ key: 'answerFeedback' }] : [],
    };
  },
  body({ caseMatters, accepted, partly = [], remarks = [] }) {
    const worth = [...accepted.map((text) => ({ text, fraction: 1 })), ...partly];
    const feedback = new Map(remarks.map((remark) => [remark.text, remark.feedback]));
    const others = remarks.filter(({ text }) => !worth.some((answer) => answer.text === text));
    return {
      kind: 'short',
      caseMatters,
      answers: [
        ...worth.map((answer) => ({ ...answer, feedback: feedback.get(answer.text) ?? '' })),
        ...others.map((remark) => ({ ...remark, fraction: 0 })),
      ],
    };
  },
  key: ({ accepted }) => [...accepted],
  moodle: {
    names: ['shortanswer'],
    read: (element, { plain }) => ({
      body: {
        kind: 'short',
        answers: moodleAnswers(element, plain),
        caseMatters: contentIn(element, 'usecase') === '1',
      },
    }),
    name: 'shortanswer',
    write: ({ caseMatters, answers }, { text }) =>
      `<usecase>${caseMatters ? 1 : 0}</usecase>${answers.map((row) => answer(row, text, 'plain_text')).join('')}`,
  },
  gift: {
    read: (question, read) =>
      question.type === 'Short'
        ? { kind: 'short', answers: giftAnswers(question.choices, read), caseMatters: false }
        : null,
    write: ({ answers }) =>
      rows(answers, ({ fraction }) => (fraction === 1 ? '=' : `=${weight(fraction) || '%0%'}`)),
  },
  qti: {
    read: ({ only }) =>
      only?.name === 'textEntryInteraction' && !isNumber(only.response)
        ? { kind: 'short', answers: keysOf(only.response), caseMatters: false }
        : null,
    isAskedBelow: true,
    write: ({ answers }, text) => entryAsked(text, 'string', answers),
  },
  qti12: {
    read: (asked) =>
      asked.hasTyped && asked.keys.length > 0 && !isNumeric12(asked)
        ? allRight(asked.keys.map(({ value }) => value))
        : null,
  },
  table: {
    names: ['текст', 'short'],
    fits: ({ answers }) => answers.length <= 1,
    read: ({ keys }) => allRight(keys),
  },
  typed: {
    read({ answers, named }) {
      if (answers.length > 1 || (answers.length === 0 && named === null)) return null;
      return allRight(answers.length === 1 ? answers.map(({ text }) => text) : (named ?? []));
    },
  },
};
