import { z } from 'zod';
import { manyLines } from '../../../../shared/lines.js';
import { text, whole } from '../../../../web/parse.js';
import { LONGEST_RESPONSE, nothingAssigned, type QuestionType } from '../type.js';
import { LEAST_LINES, MOST_LINES, MOST_WORDS } from './bounds.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';

/** A longer text, marked by a person. */
export interface EssayDefinition {
  readonly type: 'essay';
  /** Height of the field. */
  readonly lines: number;
  /** 0: no bound. Told to the student; what is outside the bounds is still taken. */
  readonly leastWords: number;
  readonly mostWords: number;
  /** For those who mark. */
  readonly notes: string;
}

const bound = z.preprocess((sent) => (sent === '' || sent === undefined ? 0 : sent), whole(0, MOST_WORDS));
const schema = z
  .object({
    lines: z.preprocess(
      (sent) => (sent === '' || sent === undefined ? 8 : sent),
      whole(LEAST_LINES, MOST_LINES),
    ),
    leastWords: bound,
    mostWords: bound,
    notes: text(5_000),
  })
  .refine(({ leastWords, mostWords }) => mostWords === 0 || leastWords <= mostWords, {
    path: ['mostWords'],
    error: 'errors.field.tooSmall',
  });

/** Words as people count them: letters, digits and what stands between them without a space. */
export const countWords = (written: string): number => written.match(/[\p{L}\p{N}][^\s]*/gu)?.length ?? 0;

export const essay: QuestionType<EssayDefinition, string> = {
  definition: schema.transform((fields) => ({ type: 'essay' as const, ...fields })),
  fields: ({ lines, leastWords, mostWords, notes }) => ({
    lines: String(lines),
    leastWords: leastWords === 0 ? '' : String(leastWords),
    mostWords: mostWords === 0 ? '' : String(mostWords),
    notes,
  }),
  deal: nothingAssigned,
  read(_definition, sent) {
    const written = manyLines(sent[0] ?? '');
    return {
      fits: sent.length <= 1 && written.length <= LONGEST_RESPONSE,
      response: written === '' ? null : written,
    };
  },
  sent: (_definition, _assigned, response) => (response === null ? [] : [response]),
  // Nothing written needs no reader.
  fraction: (_definition, response) => (response === null ? 0 : null),
  answering: ({ lines, leastWords, mostWords }, _assigned, response) => ({
    given: response ?? '',
    longest: LONGEST_RESPONSE,
    lines,
    leastWords,
    mostWords,
  }),
  review: (_definition, _assigned, response) => ({
    given: response ?? '',
    words: response === null ? 0 : countWords(response),
  }),
  words: (_definition, response) => [response],
  byHand: true,
  exchange,
  texts,
};
