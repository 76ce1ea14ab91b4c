import type * as Re2 from 're2js';
import { z } from 'zod';
import { lazyPackage } from '../../../../shared/lazy-package.js';
import { oneLine } from '../../../../shared/lines.js';
import { checkbox } from '../../../../web/parse.js';
import { weighted, weightedLine } from '../numbers.js';
import { remarkLines, remarkOn, remarksField, type Remark } from '../remarks.js';
import { nothingAssigned, type QuestionType } from '../type.js';
import { linesOf, matches, normalised, patternWords } from '../words.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';

/** A text that earns a part of the points. */
export interface PartlyAccepted {
  readonly text: string;
  /** Above 0, below 1. */
  readonly fraction: number;
}

/** A word or a short phrase, typed in. */
export interface ShortDefinition {
  readonly type: 'short';
  /** Any of these is right; `*` stands for any characters. */
  readonly accepted: readonly string[];
  /** Worth a part; absent: none. */
  readonly partly?: readonly PartlyAccepted[];
  readonly caseMatters: boolean;
  /** The texts are regular expressions (RE2) for the whole answer; absent: no. */
  readonly patterns?: boolean;
  /** Absent: none. */
  readonly remarks?: readonly Remark[];
}

const LONGEST = 500;
const MOST_ACCEPTED = 50;

const schema = z
  .object({
    accepted: linesOf(LONGEST, MOST_ACCEPTED).pipe(
      z.array(z.string()).min(1, { error: 'errors.field.missing' }),
    ),
    partly: z
      .array(z.object({ text: z.string().transform(oneLine), fraction: z.number().gt(0).lt(1) }))
      .max(MOST_ACCEPTED)
      .default([]),
    caseMatters: checkbox,
    patterns: checkbox,
    remarks: remarksField,
  })
  .transform(({ accepted, partly, caseMatters, patterns, remarks }, context): ShortDefinition => {
    const lines = accepted.map(weighted);
    const part = [...lines.filter(({ fraction }) => fraction < 1 && fraction > 0), ...partly];
    const whole = lines.filter(({ fraction }) => fraction === 1).map(({ text }) => text);
    if (whole.length === 0) {
      context.addIssue({ code: 'custom', path: ['accepted'], message: 'errors.field.rightMissing' });
    }
    if (
      patterns &&
      [...whole, ...part.map(({ text }) => text)].some((text) => patternOf(text, true) === null)
    ) {
      context.addIssue({ code: 'custom', path: ['accepted'], message: 'errors.field.badPattern' });
    }
    return {
      type: 'short',
      accepted: whole,
      ...(part.length > 0 && { partly: part }),
      caseMatters,
      ...(patterns && { patterns }),
      ...remarks,
    };
  });

const re2 = lazyPackage<typeof Re2>('re2js');

/** RE2 runs in linear time whatever the author writes. Returns null if the expression cannot be read. */
function patternOf(text: string, caseMatters: boolean): Re2.RE2JS | null {
  try {
    const { RE2JS } = re2();
    return RE2JS.compile(text, caseMatters ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch {
    return null;
  }
}

/** Whether what is answered is the text of the author, which may hold `*` or be a pattern. */
function fitting(
  { caseMatters, patterns = false }: ShortDefinition,
  response: string,
): (text: string) => boolean {
  // A pattern is an expression: folding would change its meaning, so only what is answered is folded.
  const given = normalised(response, caseMatters);
  return (text) =>
    patterns
      ? (patternOf(text, caseMatters)?.matches(given) ?? false)
      : matches(normalised(text, caseMatters), given);
}

/** The share of the points that a text earns. */
export function shortFraction(definition: ShortDefinition, response: string): number {
  const { accepted, partly = [] } = definition;
  const fits = fitting(definition, response);
  if (accepted.some(fits)) return 1;
  return Math.max(0, ...partly.filter(({ text }) => fits(text)).map(({ fraction }) => fraction));
}

/** A response is the text as it was typed. */
export const short: QuestionType<ShortDefinition, string> = {
  definition: schema,
  fields: ({ accepted, partly = [], caseMatters, patterns, remarks }) => ({
    accepted: [...accepted, ...partly.map(({ text, fraction }) => weightedLine(text, fraction))].join('\n'),
    ...(caseMatters && { caseMatters: 'on' }),
    ...(patterns && { patterns: 'on' }),
    remarks: remarkLines(remarks),
  }),
  deal: nothingAssigned,
  read(_definition, sent) {
    const text = oneLine(sent[0] ?? '');
    return { fits: sent.length <= 1 && text.length <= LONGEST, response: text === '' ? null : text };
  },
  sent: (_definition, _assigned, response) => (response === null ? [] : [response]),
  fraction: (definition, response) => (response === null ? 0 : shortFraction(definition, response)),
  answering: (_definition, _assigned, response) => ({ given: response ?? '', longest: LONGEST }),
  review: ({ accepted, patterns = false }, _assigned, response, revealed) => ({
    given: response ?? '',
    accepted: revealed ? (patterns ? accepted : accepted.map(patternWords)) : null,
  }),
  words: (_definition, response) => [response],
  remarks: (definition, response) =>
    response === null ? [] : remarkOn(definition.remarks, fitting(definition, response)),
  exchange,
  texts,
};
