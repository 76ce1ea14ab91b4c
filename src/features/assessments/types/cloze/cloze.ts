import { z } from 'zod';
import { oneLine } from '../../../../shared/lines.js';
import { text } from '../../../../web/parse.js';
import { places } from '../../attempts/shuffle.js';
import { piecesOf, readBody, writeBody } from '../gaps.js';
import { share, type QuestionType } from '../type.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';
import { gapFraction, gapKey, gapSchema, readGap, writeGap, type Gap } from './gap.js';

/** A text with gaps that are filled by typing or choosing. */
export interface ClozeDefinition {
  readonly type: 'cloze';
  /** Holds `[[1]]`, `[[2]]` … where the gaps stand. */
  readonly body: string;
  readonly gaps: readonly Gap[];
}

const MOST_GAPS = 50;
const LONGEST = 500;

const schema = z
  .object({ body: text(10_000), gaps: z.array(gapSchema).max(MOST_GAPS).optional() })
  .transform((sent, context): ClozeDefinition => {
    if (sent.gaps !== undefined) return { type: 'cloze', body: sent.body, gaps: sent.gaps };
    const { body, insides } = readBody(sent.body);
    const fault = (message: string): void => {
      context.addIssue({ code: 'custom', path: ['body'], message });
    };
    const gaps = insides.map(readGap);
    if (gaps.length === 0) fault('errors.field.noGaps');
    else if (gaps.length > MOST_GAPS) fault('errors.field.tooBig');
    else if (gaps.includes(null)) fault('errors.field.badGap');
    return { type: 'cloze', body, gaps: gaps.filter((gap) => gap !== null) };
  });

/** Where the order of each gap's options begins in what was assigned. */
function offsets({ gaps }: ClozeDefinition): number[] {
  let next = 0;
  return gaps.map((gap) => {
    const at = next;
    if (gap.kind === 'choice') next += gap.options.length;
    return at;
  });
}

const orderOf = (gap: Gap, offset: number, assigned: readonly number[]): readonly number[] =>
  gap.kind === 'choice' ? assigned.slice(offset, offset + gap.options.length) : [];

/** A response holds for each gap the text typed, or the index of the option chosen; '' for none. */
export const cloze: QuestionType<ClozeDefinition, readonly string[]> = {
  definition: schema,
  fields: ({ body, gaps }) => ({ body: writeBody(body, gaps.map(writeGap)) }),
  // Authors write the right option first: options of gaps are always shuffled.
  deal: ({ gaps }, _shuffled, below) =>
    gaps.flatMap((gap) => (gap.kind === 'choice' ? places(gap.options.length, true, below) : [])),
  read(definition, sent, assigned) {
    const at = offsets(definition);
    let fits = sent.length <= definition.gaps.length;
    const response = definition.gaps.map((gap, index) => {
      const value = oneLine(sent[index] ?? '');
      if (value.length > LONGEST) fits = false;
      if (value === '' || gap.kind !== 'choice') return value;
      const part = /^\d{1,2}$/.test(value)
        ? orderOf(gap, at[index] ?? 0, assigned)[Number(value)]
        : undefined;
      if (part === undefined) fits = false;
      return part === undefined ? '' : String(part);
    });
    return { fits, response: response.every((value) => value === '') ? null : response };
  },
  sent(definition, assigned, response) {
    if (response === null) return [];
    const at = offsets(definition);
    return definition.gaps.map((gap, index) => {
      const value = response[index] ?? '';
      if (value === '' || gap.kind !== 'choice') return value;
      return String(orderOf(gap, at[index] ?? 0, assigned).indexOf(Number(value)));
    });
  },
  fraction: ({ gaps }, response) =>
    share(
      gaps.reduce((total, gap, index) => total + gapFraction(gap, response?.[index] ?? ''), 0),
      gaps.length,
    ),
  answering(definition, assigned, response) {
    const at = offsets(definition);
    const values = cloze.sent(definition, assigned, response);
    return {
      longest: LONGEST,
      pieces: piecesOf(definition.body),
      gaps: definition.gaps.map((gap, index) => ({
        kind: gap.kind,
        value: values[index] ?? '',
        options:
          gap.kind === 'choice'
            ? orderOf(gap, at[index] ?? 0, assigned).map((part, place) => ({
                value: String(place),
                text: gap.options[part]?.text ?? '',
              }))
            : [],
      })),
    };
  },
  review(definition, assigned, response, revealed) {
    const words = response === null ? [] : cloze.words(definition, response, assigned);
    return {
      pieces: piecesOf(definition.body),
      gaps: definition.gaps.map((gap, index) => ({
        given: words[index] ?? '',
        right: revealed ? gapKey(gap) : null,
        isRight: revealed ? gapFraction(gap, response?.[index] ?? '') === 1 : null,
      })),
    };
  },
  words: ({ gaps }, response) =>
    gaps.map((gap, index) => {
      const value = response[index] ?? '';
      if (value === '') return '';
      return gap.kind === 'choice' ? (gap.options[Number(value)]?.text ?? '') : value;
    }),
  exchange,
  texts,
};
