import { z } from 'zod';
import { checkbox, id, text } from '../../web/parse.js';
import type { Addressee } from './question.js';

export const LIMITS = { text: 10_000, files: 5, megabytes: 20 } as const;

const filled = text(LIMITS.text).refine((value) => value !== '', { message: 'errors.field.missing' });

/** `course`, `teacher:<id>`, `association:<id>`, as the form's select sends it. */
const addressee = z
  .string()
  .regex(/^(course|(teacher|association):[0-9a-f]{24})$/)
  .transform((value): Addressee => {
    const [kind, of = ''] = value.split(':') as [Addressee['kind'], string?];
    return { kind, id: of };
  });

const formKey = z.string().regex(/^[\w-]{16,64}$/);

export const newQuestion = z.object({
  to: addressee.default({ kind: 'course', id: '' }),
  text: filled,
  consent: checkbox,
  key: formKey,
});
export type NewQuestionInput = z.output<typeof newQuestion>;

export const newMessage = z.object({ text: filled });

export const draft = z.object({
  place: z.union([z.literal('new'), id]),
  text: text(LIMITS.text),
});

export const consent = z.object({ consent: checkbox });

export const consultation = z.object({ slotId: id });

export const published = z.object({
  question: filled,
  answer: filled,
  audience: z.enum(['course', 'public']),
});
export type PublishedInput = z.output<typeof published>;

export const questionId = z.object({ questionId: id });

export const search = z.object({ q: z.string().trim().max(200).catch('').default('') });
