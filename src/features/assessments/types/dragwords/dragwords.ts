import { z } from 'zod';
import { text } from '../../../../web/parse.js';
import { places } from '../../attempts/shuffle.js';
import { NONE, readChosen, sentChosen } from '../chosen-texts.js';
import { piecesOf, readBody, writeBody } from '../gaps.js';
import { share, type QuestionType } from '../type.js';
import { linesOf } from '../words.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';

/** A text whose gaps are filled with words from one list. */
export interface DragWordsDefinition {
  readonly type: 'dragwords';
  /** Holds `[[1]]`, `[[2]]` … where the gaps stand. */
  readonly body: string;
  /** The word that belongs into each gap. */
  readonly answers: readonly string[];
  /** Words that belong nowhere. */
  readonly distractors: readonly string[];
}

const MOST_GAPS = 50;

const schema = z
  .object({
    body: text(10_000),
    answers: z.array(z.string().min(1).max(200)).max(MOST_GAPS).optional(),
    distractors: linesOf(200, MOST_GAPS),
  })
  .transform(({ body, answers, distractors }, context): DragWordsDefinition => {
    if (answers !== undefined) return { type: 'dragwords', body, answers, distractors };
    const read = readBody(body);
    const fault = (message: string): void => {
      context.addIssue({ code: 'custom', path: ['body'], message });
    };
    if (read.insides.length === 0) fault('errors.field.noGaps');
    else if (read.insides.length > MOST_GAPS) fault('errors.field.tooBig');
    else if (read.insides.some((inside) => inside === '')) fault('errors.field.badGap');
    return { type: 'dragwords', body: read.body, answers: read.insides, distractors };
  });

/** All different words, in the order of the definition. */
const wordsOf = ({ answers, distractors }: DragWordsDefinition): string[] => [
  ...new Set([...answers, ...distractors]),
];

/** A response holds for each gap the index of the word among the different ones, −1 for none. */
export const dragwords: QuestionType<DragWordsDefinition, readonly number[]> = {
  definition: schema,
  fields: ({ body, answers, distractors }) => ({
    body: writeBody(body, answers),
    distractors: distractors.join('\n'),
  }),
  deal: (definition, _shuffled, below) => places(wordsOf(definition).length, true, below),
  read: ({ answers }, sent, assigned) => readChosen(answers.length, sent, assigned),
  sent: (_definition, assigned, response) => sentChosen(assigned, response),
  fraction(definition, response) {
    const words = wordsOf(definition);
    const right = definition.answers.filter((answer, index) => words[response?.[index] ?? NONE] === answer);
    return share(right.length, definition.answers.length);
  },
  answering(definition, assigned, response) {
    const words = wordsOf(definition);
    const options = assigned.map((part, place) => ({ value: String(place), text: words[part] ?? '' }));
    const values = dragwords.sent(definition, assigned, response);
    return {
      pieces: piecesOf(definition.body),
      words: options.map(({ text: word }) => word),
      gaps: definition.answers.map((_, index) => ({ kind: 'choice', value: values[index] ?? '', options })),
    };
  },
  review(definition, _assigned, response, revealed) {
    const words = wordsOf(definition);
    return {
      pieces: piecesOf(definition.body),
      gaps: definition.answers.map((answer, index) => {
        const given = words[response?.[index] ?? NONE] ?? '';
        return { given, right: revealed ? answer : null, isRight: revealed ? given === answer : null };
      }),
    };
  },
  words(definition, response) {
    const words = wordsOf(definition);
    return definition.answers.map((_, index) => words[response[index] ?? NONE] ?? '');
  },
  exchange,
  texts,
};
