import { z } from 'zod';
import { optionalLine } from '../../../../web/parse.js';
import { nothingAssigned, type QuestionType } from '../type.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';

/** A statement that is true or false. */
export interface TrueFalseDefinition {
  readonly type: 'truefalse';
  readonly right: boolean;
  /** Feedback to those who answered true, and false; may be empty. */
  readonly ifTrue: string;
  readonly ifFalse: string;
}

const schema = z.object({
  right: z
    .union([z.boolean(), z.enum(['true', 'false'])], { error: 'errors.field.rightMissing' })
    .transform((sent) => sent === true || sent === 'true'),
  ifTrue: optionalLine(1_000),
  ifFalse: optionalLine(1_000),
});

/** A response is what was chosen. */
export const truefalse: QuestionType<TrueFalseDefinition, boolean> = {
  definition: schema.transform((fields) => ({ type: 'truefalse' as const, ...fields })),
  fields: ({ right, ifTrue, ifFalse }) => ({ right: String(right), ifTrue, ifFalse }),
  deal: nothingAssigned,
  read(_definition, sent) {
    const [value, ...more] = sent;
    if (value === undefined) return { fits: true, response: null };
    const fits = more.length === 0 && (value === 'true' || value === 'false');
    return { fits, response: fits ? value === 'true' : null };
  },
  sent: (_definition, _assigned, response) => (response === null ? [] : [String(response)]),
  fraction: ({ right }, response) => (response === right ? 1 : 0),
  answering: (_definition, _assigned, response) => ({ chosen: response }),
  review: ({ right }, _assigned, response, revealed) => ({
    chosen: response,
    right: revealed ? right : null,
  }),
  words: (_definition, response) => [String(response)],
  said: (word, t) => t(word === 'true' ? 'types.truefalse.answer.true' : 'types.truefalse.answer.false'),
  remarks: ({ ifTrue, ifFalse }, response) => {
    if (response === null) return [];
    return [response ? ifTrue : ifFalse].filter((text) => text !== '');
  },
  exchange,
  texts,
};
