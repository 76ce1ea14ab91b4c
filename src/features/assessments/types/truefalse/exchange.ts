import type { ForeignAnswer, ForeignBody } from '../../exchange/foreign.js';
import { answersOf } from '../../exchange/formats/moodle-parts.js';
import { escaped } from '../../exchange/writers/gift-parts.js';
import { answer } from '../../exchange/writers/moodle-parts.js';
import { choiceAsked } from '../../exchange/writers/qti3-parts.js';
import { trueOrFalse } from '../choice-exchange.js';
import type { TypeExchange } from '../type-exchange.js';
import type { TrueFalseDefinition } from './truefalse.js';

interface TrueFalseBody extends ForeignBody {
  readonly kind: 'trueFalse';
  readonly right: boolean;
  readonly ifTrue?: string;
  readonly ifFalse?: string;
}

const isTrueFalse = (body: ForeignBody): body is TrueFalseBody => body.kind === 'trueFalse';

const lineOf = (text = ''): string => text.replace(/\s+/gu, ' ').trim();

/** Feedback of the two answers, where there is any. */
const remarks = (ifTrue: string, ifFalse: string) => ({
  ...(ifTrue !== '' && { ifTrue }),
  ...(ifFalse !== '' && { ifFalse }),
});

const feedbackOf = (answers: readonly ForeignAnswer[], word: RegExp): string =>
  answers.find(({ text }) => word.test(text))?.feedback ?? '';

export const exchange: TypeExchange<TrueFalseDefinition, TrueFalseBody> = {
  kind: 'trueFalse',
  take({ body }) {
    const right = trueOrFalse(body);
    if (right !== null) return { fields: { right } };
    if (!isTrueFalse(body)) return null;
    return { fields: { right: body.right, ifTrue: lineOf(body.ifTrue), ifFalse: lineOf(body.ifFalse) } };
  },
  body: ({ right, ifTrue, ifFalse }) => ({ kind: 'trueFalse', right, ...remarks(ifTrue, ifFalse) }),
  key: ({ right }, t) => [t(right ? 'types.truefalse.answer.true' : 'types.truefalse.answer.false')],
  moodle: {
    names: ['truefalse'],
    read(element, { plain }) {
      const answers = answersOf(element, plain);
      const right = answers.some(({ text, fraction }) => fraction > 0 && /^true$/iu.test(text));
      const more = remarks(feedbackOf(answers, /^true$/iu), feedbackOf(answers, /^false$/iu));
      return { body: { kind: 'trueFalse', right, ...more } };
    },
    name: 'truefalse',
    write: ({ right, ifTrue = '', ifFalse = '' }, { text }) =>
      answer({ text: 'true', fraction: right ? 1 : 0, feedback: ifTrue }, text, 'plain_text') +
      answer({ text: 'false', fraction: right ? 0 : 1, feedback: ifFalse }, text, 'plain_text'),
  },
  gift: {
    // The feedback of the wrong answer comes first, that of the right one after it, whatever the parser calls them.
    read(question, read) {
      if (question.type !== 'TF') return null;
      const [ifWrong, ifRight] = [read(question.trueFeedback), read(question.falseFeedback)];
      const more = question.isTrue ? remarks(ifRight, ifWrong) : remarks(ifWrong, ifRight);
      return { kind: 'trueFalse', right: question.isTrue, ...more };
    },
    write({ right, ifTrue = '', ifFalse = '' }) {
      const [ifWrong, ifRight] = (right ? [ifFalse, ifTrue] : [ifTrue, ifFalse]).map(escaped) as [
        string,
        string,
      ];
      return `${right ? 'TRUE' : 'FALSE'}${ifWrong + ifRight === '' ? '' : `#${ifWrong}`}${ifRight === '' ? '' : `#${ifRight}`}`;
    },
  },
  qti: {
    write: ({ right }, text) =>
      choiceAsked(
        text,
        [
          { text: 'True', fraction: right ? 1 : 0 },
          { text: 'False', fraction: right ? 0 : 1 },
        ],
        false,
      ),
  },
  table: {
    names: ['да-нет', 'верно-неверно', 'true/false', 'truefalse'],
    read: ({ keys }) => ({ kind: 'trueFalse', right: /^(?:да|верно|true|1|\+)$/iu.test(keys[0] ?? '') }),
  },
};
