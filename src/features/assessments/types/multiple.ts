import type { QuestionType } from './type.js';
import { chosenParts, offered, offeredReview, optionFields, optionsSchema, type Option } from './choices.js';

/** Any number of the offered answers is right. */
export interface MultipleDefinition {
  readonly type: 'multiple';
  readonly options: readonly Option[];
}

/** A response holds the indexes of the chosen options, in rising order. */
export const multiple: QuestionType<MultipleDefinition, readonly number[]> = {
  definition: optionsSchema(Number.POSITIVE_INFINITY).transform((options) => ({
    type: 'multiple' as const,
    options,
  })),
  fields: ({ options }) => optionFields(options),
  parts: ({ options }) => options.length,
  read(_definition, sent, order) {
    const parts = chosenParts(sent, order);
    if (parts === null) return { fits: false, response: null };
    return { fits: true, response: parts.length === 0 ? null : parts };
  },
  /**
   * max(0, right chosen / all right − wrong chosen / all wrong).
   *
   * Each right choice earns 1/R and each wrong one costs 1/W: rule "false" of partial credits in R/exams
   * (`exams_eval`), and what one gets in Moodle by giving the right answers 100 % together and the wrong ones
   * −100 %. Choosing everything earns nothing, and so does, on average, choosing at random.
   */
  fraction({ options }, response) {
    const rights = options.filter(({ right }) => right).length;
    const wrongs = options.length - rights;
    const hits = (response ?? []).filter((part) => options[part]?.right === true).length;
    const misses = (response ?? []).length - hits;
    // Without wrong options there is nothing to choose wrongly.
    const fraction = hits / rights - (wrongs === 0 ? 0 : misses / wrongs);
    return Math.max(0, fraction);
  },
  answering: ({ options }, order, response) => offered(options, order, response ?? []),
  review: ({ options }, order, response, revealed) => offeredReview(options, order, response ?? [], revealed),
};
