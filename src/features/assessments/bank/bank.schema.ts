import { z } from 'zod';
import { line, list, optionalLine, whole } from '../../../web/parse.js';
import { TYPE_NAMES } from '../types/index.js';
import type { BulkChange } from './bulk-change.js';
import type { SharedWith } from './shares.store.js';

export const bankFilter = z.object({
  q: optionalLine(200).catch(''),
  category: optionalLine(300).catch(''),
  tag: optionalLine(60).catch(''),
  type: z.enum(['', ...TYPE_NAMES]).catch(''),
  page: whole(1, 1_000).catch(1),
});

export const sharedWith = z
  .string()
  .regex(/^(?:colleagues|association:[0-9a-f]{24})$/)
  .transform((circle) => circle as SharedWith);

const keys = list(z.string().regex(/^[a-z2-9]{12}$/)).refine((all) => all.length > 0, {
  error: 'errors.field.missing',
});

/** Questions that were chosen, and what is to be done with them. */
export const bulkForm = z.object({
  key: keys.pipe(z.array(z.string()).max(500)),
  action: z.enum(['category', 'tag', 'untag', 'share', 'unshare', 'remove', 'test']),
});

const category = z.object({ category: optionalLine(300) });
const tag = z.object({ tag: line(60) });
const share = z.object({ with: sharedWith });
export const intoTest = z.object({ test: z.string().regex(/^[0-9a-f]{24}$/) });

/** The fields that an action needs beside the questions. */
export function changeSchema(action: BulkChange['action']): z.ZodType<BulkChange> {
  switch (action) {
    case 'category':
      return category.transform((fields) => ({ action, ...fields }));
    case 'tag':
    case 'untag':
      return tag.transform((fields) => ({ action, ...fields }));
    case 'share':
      return share.transform((fields) => ({ action, ...fields }));
    default:
      return z.object({}).transform(() => ({ action }));
  }
}

/** Chosen questions of other courses: `<course id> <key>`. */
export const takeForm = z.object({
  ref: list(z.string().regex(/^[0-9a-f]{24} [a-z2-9]{12}$/))
    .refine((all) => all.length > 0, { error: 'errors.field.missing' })
    .transform((all) =>
      all.map((ref) => {
        const [courseId = '', key = ''] = ref.split(' ');
        return { courseId, key };
      }),
    ),
});
