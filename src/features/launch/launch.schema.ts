import { z } from 'zod';
import type { ContentRef } from '../../shared/content.js';
import { id, list, optionalLine, text } from '../../web/parse.js';

export const requestId = z.object({ request: z.string().regex(/^[\w-]{16,64}$/) });

/** What a page of ours in a frame hands over to one in a window. */
export const handoverCode = z.object({ code: z.string().regex(/^[\w-]{32}$/) });

/** An answer that is carried home. */
export const answerCode = handoverCode;

/** A page of a course, on our own origin. */
export const handoverPath = z.object({
  to: z
    .string()
    .max(500)
    .regex(/^\/c\/[a-z0-9]+\/[\w/-]*$/),
});

/** `test:65f…`, as the picker's checkboxes have it. */
const contentRef = z
  .string()
  .regex(/^(test|consultations|directory):[\w-]{1,60}$/)
  .transform((value): ContentRef => {
    const [kind, id] = value.split(':') as [ContentRef['kind'], string];
    return { kind, id };
  });

export const chosen = z.object({ chosen: contentRef.optional().catch(undefined) });

/** Chosen twice is chosen. */
const eachOnce = (refs: readonly ContentRef[]): ContentRef[] => [
  ...new Map(refs.map((ref) => [`${ref.kind}:${ref.id}`, ref])).values(),
];

export const placement = z.object({
  chosen: list(contentRef).transform(eachOnce),
  title: optionalLine(200),
  text: text(2_000),
});

export const linkId = z.object({ link: id });

export const otherContent = z.object({ content: z.string().regex(/^[\w-]{1,60}$/) });
