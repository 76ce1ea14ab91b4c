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

/** Any number of the offered answers is right. */
export interface MultipleDefinition {
  readonly type: 'multiple';
  readonly options: readonly Option[];
}

/**
 * max(0, right chosen / all right − wrong chosen / all wrong), or the sum of the options' own shares where any is set.
 *
 * Each right choice earns 1/R and each wrong one costs 1/W: rule "false" of partial credits in R/exams
 * (`exams_eval`), and what one gets in Moodle by giving the right answers 100 % together and the wrong ones
 * −100 %. Choosing everything earns nothing, and so does, on average, choosing at random.
 */
export function multipleFraction(options: readonly Option[], chosen: readonly number[]): number {
  const rights = options.filter(({ right }) => right).length;
  const wrongs = options.length - rights;
  const usual = ({ right }: Option): number => (right ? 1 / rights : -1 / wrongs);
  const sum = chosen.reduce((total, part) => {
    const option = options[part];
    return option === undefined ? total : total + (option.fraction ?? usual(option));
  }, 0);
  // Thirds of thirds do not add up to 1 exactly.
  return Math.min(1, Math.max(0, Math.abs(sum - 1) < 1e-9 ? 1 : sum));
}

/** A response holds the indexes of the chosen options, in rising order. */
export const multiple: QuestionType<MultipleDefinition, readonly number[]> = {
  definition: optionsSchema(Number.POSITIVE_INFINITY).transform((options) => ({
    type: 'multiple' as const,
    options,
  })),
  fields: ({ options }) => optionFields(options),
  deal: ({ options }, shuffled, below) => assignedOptions(options, shuffled, below),
  read(_definition, sent, assigned) {
    const parts = chosenParts(sent, assigned);
    if (parts === null) return { fits: false, response: null };
    return { fits: true, response: parts.length === 0 ? null : parts };
  },
  sent: (_definition, assigned, response) => placesOf(response ?? [], assigned),
  fraction: ({ options }, response) => multipleFraction(options, response ?? []),
  answering: ({ options }, assigned, response) => offered(options, assigned, response ?? []),
  review: ({ options }, assigned, response, revealed) =>
    offeredReview(options, assigned, response ?? [], revealed),
  words: ({ options }, response) => optionWords(options, response),
  remarks: ({ options }, response) => optionRemarks(options, response ?? []),
  rowFields: ['option', 'worth', 'remark'],
  exchange,
  texts,
};
