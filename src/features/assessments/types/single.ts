import type { QuestionType } from './type.js';
import { chosenParts, offered, offeredReview, optionFields, optionsSchema, type Option } from './choices.js';

/** One of the offered answers is right. */
export interface SingleDefinition {
  readonly type: 'single';
  readonly options: readonly Option[];
}

const chosen = (response: number | null): number[] => (response === null ? [] : [response]);

/** A response is the index of the chosen option. */
export const single: QuestionType<SingleDefinition, number> = {
  definition: optionsSchema(1).transform((options) => ({ type: 'single' as const, options })),
  fields: ({ options }) => optionFields(options),
  parts: ({ options }) => options.length,
  read(_definition, sent, order) {
    const parts = chosenParts(sent, order);
    return parts === null || parts.length > 1
      ? { fits: false, response: null }
      : { fits: true, response: parts[0] ?? null };
  },
  fraction: ({ options }, response) => (response !== null && options[response]?.right === true ? 1 : 0),
  answering: ({ options }, order, response) => offered(options, order, chosen(response)),
  review: ({ options }, order, response, revealed) =>
    offeredReview(options, order, chosen(response), revealed),
};
