import type { ForeignAnswer, ForeignBody } from '../exchange/foreign.js';
import { answersOf as giftAnswers } from '../exchange/formats/gift-parts.js';
import { answersOf as moodleAnswers, contentIn } from '../exchange/formats/moodle-parts.js';
import { choicesOf } from '../exchange/formats/qti-parts.js';
import { labelsOf } from '../exchange/formats/qti12-parts.js';
import { percent } from '../exchange/writers/escape.js';
import { rows, weight } from '../exchange/writers/gift-parts.js';
import { answer } from '../exchange/writers/moodle-parts.js';
import { choiceAsked } from '../exchange/writers/qti3-parts.js';
import { attr } from '../exchange/formats/qti-names.js';
import { attribute } from '../exchange/xml.js';
import type { Option } from './choices.js';
import { numberText } from './numbers.js';
import type { Taken, TypedAnswer, TypeExchange } from './type-exchange.js';

/* Questions with offered answers in files: of one choice, and of several. */

export interface ChoiceBody extends ForeignBody {
  readonly kind: 'choice';
  readonly several: boolean;
  readonly answers: readonly ForeignAnswer[];
}

export const isChoice = (body: ForeignBody): body is ChoiceBody => body.kind === 'choice';

/** Formats without a type for it offer the two words. Returns null for any other body. */
export function trueOrFalse(body: ForeignBody): boolean | null {
  if (!isChoice(body) || body.several) return null;
  const words = body.answers.map(({ text, feedback = '' }) => `${text.toLowerCase()}${feedback}`).sort();
  if (!['false true', 'верно неверно'].includes(words.join(' '))) return null;
  const right = body.answers.find(({ fraction }) => fraction === 1)?.text.toLowerCase();
  return right === undefined ? null : right === 'true' || right === 'верно';
}

const percentOf = (fraction: number): string => numberText(Math.round(fraction * 1e7) / 1e5);

/** The fields of the form. */
export function takeChoice({ answers, several }: ChoiceBody): Taken {
  const best = Math.max(...answers.map(({ fraction }) => fraction));
  // In a choice of one the best answer is the right one; in a choice of several each that earns points is.
  const isRight = ({ fraction }: ForeignAnswer): boolean => fraction > 0 && (several || fraction === best);
  const rights = answers.filter(isRight).length;
  const even = several
    ? answers.every(({ fraction }) => fraction <= 0 || Math.abs(fraction - 1 / rights) < 0.001) &&
      answers.every(({ fraction }) => fraction >= 0)
    : answers.every((given) => given.fraction <= 0 || isRight(given));
  return {
    fields: {
      option: answers.map(({ text }) => text),
      right: answers.flatMap((given, index) => (isRight(given) ? [String(index)] : [])),
      ...(!even && {
        worth: answers.map((given) =>
          isRight(given) && !several && given.fraction === 1 ? '' : percentOf(given.fraction),
        ),
      }),
      remark: answers.map(({ feedback = '' }) => feedback.replace(/\s+/gu, ' ')),
    },
  };
}

export function choiceBody(options: readonly Option[], several: boolean): ChoiceBody {
  const rights = options.filter(({ right }) => right).length;
  return {
    kind: 'choice',
    several,
    answers: options.map(({ text, right, fraction, feedback }) => ({
      text,
      fraction: fraction ?? (right ? 1 / (several ? rights : 1) : 0),
      ...(feedback !== undefined && { feedback }),
    })),
  };
}

export const rightTexts = (options: readonly Option[]): string[] =>
  options.filter(({ right }) => right).map(({ text }) => text);

export const countRights = (answers: readonly TypedAnswer[]): number =>
  answers.filter(({ right }) => right).length;

/** Typed answers of which each is right or wrong. */
export function typedChoice(answers: readonly TypedAnswer[], several: boolean): ChoiceBody {
  const share = 1 / countRights(answers);
  return {
    kind: 'choice',
    several,
    answers: answers.map(({ text, right }) => ({ text, fraction: right ? share : 0 })),
  };
}

type Formats = Pick<
  TypeExchange<unknown, ChoiceBody>,
  'kind' | 'moodle' | 'gift' | 'qti' | 'qti12' | 'typed'
>;

/** What both types say of the formats: each reads and writes either. */
export const choiceFormats: Formats = {
  kind: 'choice',
  moodle: {
    names: ['multichoice', 'multichoiceset'],
    read: (element, { read }) => ({
      body: {
        kind: 'choice',
        several: !/^(?:true|1)$/u.test(contentIn(element, 'single') || 'true'),
        answers: moodleAnswers(element, read),
      },
    }),
    name: 'multichoice',
    write: ({ several, answers }, { text }) =>
      `<single>${!several}</single><shuffleanswers>true</shuffleanswers>${answers.map((row) => answer(row, text, 'html')).join('')}`,
  },
  gift: {
    read(question, read) {
      if (question.type !== 'MC') return null;
      const several = question.choices.every(({ isCorrect }) => !isCorrect);
      return { kind: 'choice', several, answers: giftAnswers(question.choices, read) };
    },
    write: ({ several, answers }) =>
      rows(answers, ({ fraction }) =>
        several ? `~%${percent(fraction)}%` : fraction === 1 ? '=' : `~${weight(fraction)}`,
      ),
  },
  qti: {
    read({ only, find }) {
      if (only === null) return null;
      const { name, element, response } = only;
      const isMultiple = response.cardinality === 'multiple';
      if (name === 'choiceInteraction')
        return {
          kind: 'choice',
          several: isMultiple || Number(attr(element, 'maxChoices') || '1') !== 1,
          answers: choicesOf(element, 'simpleChoice', response, find),
        };
      return name === 'hottextInteraction'
        ? { kind: 'choice', several: isMultiple, answers: choicesOf(element, 'hottext', response) }
        : null;
    },
    write: ({ answers, several }, text) => choiceAsked(text, answers, several),
  },
  qti12: {
    read({ choices: [choice, ...more], keys, find }) {
      if (choice === undefined || more.length > 0) return null;
      const several = /^multiple$/iu.test(attribute(choice, 'rcardinality'));
      const rights = keys
        .filter(({ response }) => response === attribute(choice, 'ident'))
        .map(({ value }) => value);
      const share = 1 / (several ? Math.max(1, rights.length) : 1);
      return {
        kind: 'choice',
        several,
        answers: labelsOf(choice, find).map(({ id, text }) => ({
          text,
          fraction: rights.includes(id) ? share : 0,
        })),
      };
    },
  },
  typed: {
    read: ({ answers }) => (answers.length > 1 ? typedChoice(answers, countRights(answers) > 1) : null),
  },
};
