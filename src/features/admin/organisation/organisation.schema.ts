import { z } from 'zod';
import { POSTS } from '../../directory/index.js';
import { id, line, list, optionalLine, whole } from '../../../web/parse.js';

export const postParam = z.object({ post: z.enum(POSTS) });
export const unitKind = z.object({ kind: z.enum(['department', 'programme']) });
export const unitParams = unitKind.extend({ unitId: id });

export const postTitle = z.object({ title: optionalLine(120) });
const day = z.union([z.literal(''), z.iso.date()]).default('');
export const holder = z.object({ cardId: id, since: day, until: day });

export const unitForm = z.object({
  title: line(200),
  head: z.union([id, z.literal('')]).default(''),
  members: list(id).pipe(z.array(z.string()).max(1_000, 'errors.field.tooBig')),
  version: whole(0, 1e9).default(0),
});
