import { z } from 'zod';
import { oneLine } from '../../../shared/lines.js';
import { linesOf } from './words.js';

/** Feedback on an answer that is typed, right or wrong. */
export interface Remark {
  /** The answer; `*` alone: any other. */
  readonly text: string;
  readonly feedback: string;
}

const PARTED = ' # ';
const MOST = 50;
const ANY = '*';

const remark = z.object({
  text: z.string().transform(oneLine).pipe(z.string().min(1).max(500)),
  feedback: z.string().transform(oneLine).pipe(z.string().min(1).max(2_000)),
});

/** "ответ # пояснение" → feedback on that answer. */
const lines = linesOf(2_500, MOST).transform((all, context): Remark[] =>
  all.map((line) => {
    const at = line.indexOf(PARTED);
    if (at < 1) context.addIssue({ code: 'custom', message: 'errors.field.wrong' });
    return { text: line.slice(0, at).trim(), feedback: line.slice(at + PARTED.length).trim() };
  }),
);

/** A line for each in a form; a list in what is made of a file. */
export const remarksField = z
  .union([z.array(remark).max(MOST).min(1), lines])
  .transform((remarks: readonly Remark[]) => (remarks.length === 0 ? {} : { remarks }));

/** The way back. */
export const remarkLines = (remarks: readonly Remark[] = []): string =>
  remarks.map(({ text, feedback }) => `${text}${PARTED}${feedback}`).join('\n');

/** What of the feedback of a file's answers a form can hold. */
export const remarksOf = (
  answers: readonly { readonly text: string; readonly feedback?: string | undefined }[],
): Remark[] =>
  answers
    .map(({ text, feedback = '' }) => ({
      text: oneLine(text),
      feedback: oneLine(feedback.replace(/\s+/gu, ' ')),
    }))
    .filter(({ text, feedback }) => text !== '' && feedback !== '' && !text.includes(PARTED));

/** The feedback on an answer: of the first that fits, else of any other. */
export function remarkOn(remarks: readonly Remark[] = [], fits: (text: string) => boolean): string[] {
  const found =
    remarks.find(({ text }) => text !== ANY && fits(text)) ?? remarks.find(({ text }) => text === ANY);
  return found === undefined ? [] : [found.feedback];
}
