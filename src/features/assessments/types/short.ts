import { z } from 'zod';
import { oneLine } from '../../../shared/lines.js';
import { checkbox } from '../../../web/parse.js';
import type { QuestionType } from './type.js';
import { matches, normalised } from './words.js';

/** A word or a short phrase, typed in. */
export interface ShortDefinition {
  readonly type: 'short';
  /** Any of these is right; `*` stands for any characters. */
  readonly accepted: readonly string[];
  readonly caseMatters: boolean;
}

const LONGEST = 500;
const MOST_ACCEPTED = 50;

/** One to a line in a form; a list in JSON. */
const accepted = z
  .union([z.string(), z.array(z.string())])
  .default('')
  .transform((sent) => (typeof sent === 'string' ? sent.split(/\r\n?|\n/) : sent))
  .transform((lines) => lines.map(oneLine).filter((line) => line !== ''))
  .pipe(
    z
      .array(z.string().max(LONGEST))
      .min(1, { error: 'errors.field.missing' })
      .max(MOST_ACCEPTED, { error: 'errors.field.tooBig' }),
  );

const schema = z.object({ accepted, caseMatters: checkbox });

/** A response is the text as it was typed. */
export const short: QuestionType<ShortDefinition, string> = {
  definition: schema.transform((fields) => ({ type: 'short' as const, ...fields })),
  fields: ({ accepted: texts, caseMatters }) => ({
    accepted: texts.join('\n'),
    ...(caseMatters && { caseMatters: 'on' }),
  }),
  parts: () => 0,
  read(_definition, sent) {
    const text = oneLine(sent[0] ?? '');
    return { fits: sent.length <= 1 && text.length <= LONGEST, response: text === '' ? null : text };
  },
  fraction({ accepted: texts, caseMatters }, response) {
    if (response === null) return 0;
    const given = normalised(response, caseMatters);
    return texts.some((text) => matches(normalised(text, caseMatters), given)) ? 1 : 0;
  },
  answering: (_definition, _order, response) => ({ given: response ?? '', longest: LONGEST }),
  review: ({ accepted: texts }, _order, response, revealed) => ({
    given: response ?? '',
    accepted: revealed ? texts : null,
  }),
};
