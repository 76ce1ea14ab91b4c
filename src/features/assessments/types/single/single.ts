import {
  chosenParts,
  assignedOptions,
  offered,
  offeredReview,
  optionFields,
  optionRemarks,
  optionsSchema,
  optionWords,
  placesOf,
  type Option,
} from '../choices.js';
import type { QuestionType } from '../type.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';

/** One of the offered answers is right; others may be worth a part of the points. */
export interface SingleDefinition {
  readonly type: 'single';
  readonly options: readonly Option[];
}

const chosen = (response: number | null): number[] => (response === null ? [] : [response]);

/** A response is the index of the chosen option. */
export const single: QuestionType<SingleDefinition, number> = {
  definition: optionsSchema(1).transform((options) => ({ type: 'single' as const, options })),
  fields: ({ options }) => optionFields(options),
  deal: ({ options }, shuffled, below) => assignedOptions(options, shuffled, below),
  read({ options: _options }, sent, assigned) {
    const parts = chosenParts(sent, assigned);
    return parts === null || parts.length > 1
      ? { fits: false, response: null }
      : { fits: true, response: parts[0] ?? null };
  },
  sent: (_definition, assigned, response) => placesOf(chosen(response), assigned),
  fraction({ options }, response) {
    const option = response === null ? undefined : options[response];
    if (option === undefined) return 0;
    return option.right ? 1 : Math.max(0, option.fraction ?? 0);
  },
  answering: ({ options }, assigned, response) => offered(options, assigned, chosen(response)),
  review: ({ options }, assigned, response, revealed) =>
    offeredReview(options, assigned, chosen(response), revealed),
  words: ({ options }, response) => optionWords(options, chosen(response)),
  remarks: ({ options }, response) => optionRemarks(options, chosen(response)),
  rowFields: ['option', 'worth', 'remark'],
  exchange,
  texts,
};
