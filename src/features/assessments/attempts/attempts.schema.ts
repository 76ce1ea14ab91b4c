import { z } from 'zod';
import { badInput } from '../../../shared/errors.js';
import { checkbox, list, optionalLine, whole } from '../../../web/parse.js';
import { LONGEST_ESSAY } from '../types/essay/essay.js';
import { fieldOf, shownMark, type SentAnswer } from './attempt-questions.js';

/* What is sent while a test is taken. */

const response = list(z.string().max(LONGEST_ESSAY)).refine((values) => values.length <= 100);

/** One answer that a page saves by itself. */
export const autosave = z.object({
  response,
  revision: whole(0, 1e9),
  save: z.string().regex(/^[\w-]{8,64}$/),
});

const formAnswer = z.object({ response, revision: whole(0, 1e9) });

/**
 * The answers of a form: `q1`, `q2` … as each type sends them, and beside each `r1`, `r2` … its revision. An
 * answer without a revision was not in the form.
 */
export function answersFrom(body: unknown): SentAnswer[] {
  const fields = (body ?? {}) as Record<string, unknown>;
  const faults: Record<string, string> = {};
  const answers = Object.keys(fields).flatMap((name): SentAnswer[] => {
    const number = /^r([1-9]\d{0,2})$/.exec(name)?.[1];
    if (number === undefined) return [];
    const index = Number(number) - 1;
    const field = fieldOf(index);
    const read = formAnswer.safeParse({ response: fields[field], revision: fields[name] });
    if (!read.success) {
      faults[field] = 'errors.field.wrong';
      return [];
    }
    // What this page has not touched keeps what is saved, also by another one.
    const shown = fields[`w${number}`];
    if (typeof shown === 'string' && shown === shownMark(read.data.response)) return [];
    return [{ index, sent: read.data.response, base: read.data.revision, saveId: '' }];
  });
  if (Object.keys(faults).length > 0) throw badInput(faults);
  return answers;
}

/** The values sent for each of a preview's questions. */
export const previewAnswers =
  (body: unknown) =>
  (count: number): string[][] =>
    Array.from({ length: count }, (_, index) => {
      const read = response.safeParse(((body ?? {}) as Record<string, unknown>)[fieldOf(index)]);
      if (!read.success) throw badInput({ [fieldOf(index)]: 'errors.field.wrong' });
      return read.data;
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
