import { z } from 'zod';
import { list, optionalLine } from '../../../../web/parse.js';
import { places } from '../../attempts/shuffle.js';
import { NONE, readChosen, sentChosen } from '../chosen-texts.js';
import { list as listOf, rowsOf } from '../form-rows.js';
import { share, type FormValues, type QuestionType } from '../type.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';

/** To each of the left things belongs one of the right ones. */
export interface MatchingDefinition {
  readonly type: 'matching';
  readonly pairs: readonly { readonly prompt: string; readonly answer: string }[];
  /** Answers that belong to nothing. */
  readonly distractors: readonly string[];
}

const MOST_PAIRS = 30;

/** Rows of the form as sent; a row without a prompt is an answer that belongs to nothing. */
const schema = z
  .object({ prompt: list(optionalLine(1_000)), answer: list(optionalLine(1_000)) })
  .transform(({ prompt, answer }, context): MatchingDefinition => {
    const fault = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message });
    };
    const rows = Array.from({ length: Math.max(prompt.length, answer.length) }, (_, row) => ({
      prompt: prompt[row] ?? '',
      answer: answer[row] ?? '',
    }));
    const pairs = rows.filter((row) => row.prompt !== '');
    const distractors = rows.filter((row) => row.prompt === '' && row.answer !== '').map((row) => row.answer);
    if (pairs.length < 2) fault('prompt', 'errors.field.twoPairs');
    else if (pairs.length > MOST_PAIRS) fault('prompt', 'errors.field.tooBig');
    if (pairs.some((row) => row.answer === '')) fault('answer', 'errors.field.missing');
    return { type: 'matching', pairs, distractors };
  });

/** All different answers, in the order of the definition. */
export const choicesOf = ({ pairs, distractors }: MatchingDefinition): string[] => [
  ...new Set([...pairs.map(({ answer }) => answer), ...distractors]),
];

function pairRows(values: FormValues): object {
  const [prompts, answers] = [listOf(values.prompt), listOf(values.answer)];
  return {
    pairRows: rowsOf(prompts, answers).map((row) => ({
      prompt: prompts[row] ?? '',
      answer: answers[row] ?? '',
      number: row + 1,
    })),
  };
}

/** A response holds for each pair the index of the chosen answer among the different ones, −1 for none. */
export const matching: QuestionType<MatchingDefinition, readonly number[]> = {
  definition: schema,
  fields: ({ pairs, distractors }) => ({
    prompt: [...pairs.map(({ prompt }) => prompt), ...distractors.map(() => '')],
    answer: [...pairs.map(({ answer }) => answer), ...distractors],
  }),
  // The order of the answers would tell what belongs to what: they are always shuffled.
  deal: (definition, _shuffled, below) => places(choicesOf(definition).length, true, below),
  read: ({ pairs }, sent, assigned) => readChosen(pairs.length, sent, assigned),
  sent: (_definition, assigned, response) => sentChosen(assigned, response),
  fraction(definition, response) {
    const choices = choicesOf(definition);
    const right = definition.pairs.filter(
      ({ answer }, index) => choices[response?.[index] ?? NONE] === answer,
    );
    return share(right.length, definition.pairs.length);
  },
  answering(definition, assigned, response) {
    const choices = choicesOf(definition);
    return {
      choices: assigned.map((part, place) => ({ value: String(place), text: choices[part] ?? '' })),
      prompts: definition.pairs.map(({ prompt }, index) => {
        const part = response?.[index] ?? NONE;
        return { text: prompt, value: part === NONE ? '' : String(assigned.indexOf(part)) };
      }),
    };
  },
  review(definition, _assigned, response, revealed) {
    const choices = choicesOf(definition);
    return {
      rows: definition.pairs.map(({ prompt, answer }, index) => {
        const given = choices[response?.[index] ?? NONE] ?? '';
        return {
          prompt,
          given,
          right: revealed ? answer : null,
          isRight: revealed ? given === answer : null,
        };
      }),
    };
  },
  words(definition, response) {
    const choices = choicesOf(definition);
    return definition.pairs.map(
      ({ prompt }, index) => `${prompt} — ${choices[response[index] ?? NONE] ?? '?'}`,
    );
  },
  rowFields: ['prompt', 'answer'],
  formModel: pairRows,
  exchange,
  texts,
};
