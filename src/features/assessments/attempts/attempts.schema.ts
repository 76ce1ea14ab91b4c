import { z } from 'zod';
import { badInput } from '../../../shared/errors.js';
import { checkbox, list, optionalLine, whole } from '../../../web/parse.js';
import { CERTAINTIES, type Certainty } from '../marking/certainty.js';
import { LONGEST_RESPONSE } from '../types/type.js';
import { fieldOf, shownMark, type SentAnswer } from './attempt-questions.js';
import type { TriedAnswer } from './preview.service.js';

/* What is sent while a test is taken. */

const response = list(z.string().max(LONGEST_RESPONSE)).refine((values) => values.length <= 100);

/** Absent or empty: the student has not said. */
const certainty = z
  .preprocess(
    (sent) => (sent === '' || sent === null ? undefined : sent),
    whole(1, CERTAINTIES.length).optional(),
  )
  .transform((level) => level as Certainty | undefined);

/** One answer that a page saves by itself. */
export const autosave = z.object({
  response,
  revision: whole(0, 1e9),
  certainty,
  save: z.string().regex(/^[\w-]{8,64}$/),
});

const formAnswer = z.object({ response, revision: whole(0, 1e9), certainty });

/**
 * The answers of a form: `q1`, `q2` … as each type sends them, and beside each `r1`, `r2` … its revision and `c1`, `c2` …
 * its certainty. An answer without a revision was not in the form.
 */
export function answersFrom(body: unknown): SentAnswer[] {
  const fields = (body ?? {}) as Record<string, unknown>;
  const faults: Record<string, string> = {};
  const answers = Object.keys(fields).flatMap((name): SentAnswer[] => {
    const number = /^r([1-9]\d{0,2})$/.exec(name)?.[1];
    if (number === undefined) return [];
    const index = Number(number) - 1;
    const field = fieldOf(index);
    const read = formAnswer.safeParse({
      response: fields[field],
      revision: fields[name],
      certainty: fields[`c${number}`],
    });
    if (!read.success) {
      faults[field] = 'errors.field.wrong';
      return [];
    }
    // What this page has not touched keeps what is saved, also by another one.
    const shown = fields[`w${number}`];
    if (typeof shown === 'string' && shown === shownMark(read.data.response, read.data.certainty)) return [];
    const { revision: base, certainty: level } = read.data;
    return [
      { index, sent: read.data.response, base, saveId: '', ...(level !== undefined && { certainty: level }) },
    ];
  });
  if (Object.keys(faults).length > 0) throw badInput(faults);
  return answers;
}

const tried = z.object({ sent: response, certainty });

/** What is sent for each of a preview's questions. */
export const previewAnswers =
  (body: unknown) =>
  (count: number): TriedAnswer[] =>
    Array.from({ length: count }, (_, index) => {
      const fields = (body ?? {}) as Record<string, unknown>;
      const read = tried.safeParse({ sent: fields[fieldOf(index)], certainty: fields[`c${index + 1}`] });
      if (!read.success) throw badInput({ [fieldOf(index)]: 'errors.field.wrong' });
      const { sent, certainty: level } = read.data;
      return { sent, ...(level !== undefined && { certainty: level }) };
    });

export const pageNumber = z.object({ page: whole(1, 200).optional().catch(undefined) });
export const turnForm = z.object({ to: whole(1, 200) });

/** What the browser tells of an attempt. */
export const logForm = z.object({
  kind: z.enum(['left', 'back', 'pasted']),
  question: z.union([z.literal(''), whole(1, 200)]).default(''),
});

/** What is asked before an attempt starts, where the test asks for it. */
export const startForm = z.object({ code: optionalLine(60), pledge: checkbox });

export const previewSeed = z.object({ seed: whole(0, 1e9 - 1) });
