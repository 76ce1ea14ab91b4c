import { z } from 'zod';
import { badInput } from '../../../shared/errors.js';
import { oneLine } from '../../../shared/lines.js';
import { optionalLine, parse, text } from '../../../web/parse.js';
import {
  decimal,
  numberText,
  TYPE_NAMES,
  typeOf,
  type Definition,
  type Fields,
  type TypeName,
} from '../types/index.js';
import { decimalOr } from '../types/numbers.js';
import { linesOf } from '../types/words.js';
import type { QuestionContent } from './questions.store.js';
import { LONGEST_NAME, ownName } from './question-name.js';
import { safeText } from './rich-text.js';
import { TEXT_FORMATS } from './text-formats.js';

export const questionType = z.object({ type: z.enum(TYPE_NAMES) });
/** For a form that opens without saying a type. */
export const questionTypeOrFirst = z.object({ type: z.enum(TYPE_NAMES).catch(TYPE_NAMES[0]) });

export const MOST_POINTS = 1_000;

const common = z.object({
  /** For those who teach. */
  name: optionalLine(LONGEST_NAME),
  text: text(10_000).pipe(z.string().min(1)),
  mark: z.preprocess((sent) => (sent === '' || sent === undefined ? 1 : sent), decimal(0.01, MOST_POINTS)),
  feedback: text(5_000),
  format: z.enum(TEXT_FORMATS).default('plain'),
  hints: linesOf(1_000, 10),
  /** Per cent of the points for each hint. */
  hintPenalty: decimalOr(0, 0, 100),
  /** Per cent of the points for each try after the first; empty: there is one. */
  tryPenalty: z.preprocess(
    (sent) => (sent === '' || sent === undefined ? null : sent),
    decimal(0, 100).nullable(),
  ),
  category: optionalLine(300),
  /** Parted by commas in a form, a list in JSON. */
  tags: z
    .union([z.string(), z.array(z.string())])
    .default('')
    .transform((sent) => (typeof sent === 'string' ? sent.split(',') : sent))
    .transform((all) => [...new Set(all.map(oneLine).filter((tag) => tag !== ''))])
    .pipe(z.array(z.string().max(60)).max(20)),
});

/** Checked as one, so that all faults of a form are told at once. */
const questionForms = new Map(
  TYPE_NAMES.map((name) => [
    name,
    z.intersection(
      common,
      typeOf(name).definition.transform((definition: Definition) => ({ definition })),
    ),
  ]),
);

/** A question of this type from a form or JSON. @throws DomainError `bad-input` */
export function questionFrom(body: unknown, type: TypeName): QuestionContent {
  const form = questionForms.get(type);
  if (form === undefined) throw badInput({ type: 'errors.field.wrong' });
  const { mark, format, hints, hintPenalty, tryPenalty, category, tags, feedback, ...rest } = parse(
    form,
    body,
  );
  const text = safeText(rest.text, format);
  const name = ownName(rest.name, text, format);
  return {
    ...(name !== '' && { name }),
    text,
    feedback: safeText(feedback, format),
    definition: rest.definition,
    mark: Math.round(mark * 100) / 100,
    ...(format !== 'plain' && { format }),
    ...(hints.length > 0 && { hints, hintPenalty: hintPenalty / 100 }),
    ...(tryPenalty !== null && { tryPenalty: Math.round(tryPenalty * 1e5) / 1e7 }),
    ...(category !== '' && { category }),
    ...(tags.length > 0 && { tags }),
  };
}

/** The way back from `questionFrom`. */
export const contentFields = (content: QuestionContent): Fields => ({
  name: content.name ?? '',
  text: content.text,
  feedback: content.feedback,
  mark: numberText(content.mark),
  format: content.format ?? 'plain',
  hints: (content.hints ?? []).join('\n'),
  hintPenalty: numberText(Math.round((content.hintPenalty ?? 0) * 1e7) / 1e5),
  tryPenalty: content.tryPenalty === undefined ? '' : numberText(Math.round(content.tryPenalty * 1e7) / 1e5),
  category: content.category ?? '',
  tags: (content.tags ?? []).join(', '),
  ...typeOf(content.definition.type).fields(content.definition),
});
