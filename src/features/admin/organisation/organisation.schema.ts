import { z } from 'zod';
import { BRANCH_KINDS, normaliseContact, POSTS } from '../../directory/index.js';
import { id, line, list, optionalAddress, optionalLine, whole } from '../../../web/parse.js';

export const postParam = z.object({ post: z.enum(POSTS) });
export const unitKind = z.object({ kind: z.enum(['department', 'programme', ...BRANCH_KINDS]) });
export const unitParams = unitKind.extend({ unitId: id });

export const postTitle = z.object({ title: optionalLine(120) });
const day = z.union([z.literal(''), z.iso.date()]).default('');
export const holder = z.object({ cardId: id, since: day, until: day });

const contact = (kind: 'telephone' | 'email') =>
  optionalLine(300).transform((typed, context) => {
    const value = normaliseContact(kind, typed);
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message: `directory.contactError.${kind}` });
    return z.NEVER;
  });

const branchDetails = z.object({
  post: optionalLine(200),
  addressLine: optionalLine(300),
  telephone: contact('telephone'),
  emailAddress: contact('email'),
  site: optionalAddress(500),
  document: optionalAddress(500),
});

export const unitForm = z.object({
  title: line(200),
  head: z.union([id, z.literal('')]).default(''),
  members: list(id).pipe(z.array(z.string()).max(1_000, 'errors.field.tooBig')),
  version: whole(0, 1e9).default(0),
});
export const branchForm = unitForm.extend(branchDetails.shape);
