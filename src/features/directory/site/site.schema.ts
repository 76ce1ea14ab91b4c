import { z } from 'zod';
import { list, optionalAddress, optionalLine, text, whole } from '../../../web/parse.js';
import { CONTACT_KINDS, PURPOSES } from '../cards/card.js';
import { normaliseContact } from '../cards/contacts.js';

const contact = z
  .strictObject({
    id: z.literal('').optional(),
    kind: z.enum(CONTACT_KINDS),
    value: z.string().max(500),
    purpose: z.enum(PURPOSES).default('any'),
    hours: optionalLine(200),
    visibility: z.string().optional(),
  })
  .transform(({ kind, value: typed, purpose, hours }, context) => {
    const value = normaliseContact(kind, typed);
    if (value !== null && value !== '') return { kind, value, purpose, hours };
    context.addIssue({ code: 'custom', path: ['value'], message: `directory.contactError.${kind}` });
    return z.NEVER;
  });

/** What an administrator sends of the centre's open pages. */
export const siteForm = z.strictObject({
  version: whole(0, 1_000_000_000),
  about: text(5_000),
  postalAddress: optionalLine(300),
  help: text(5_000),
  contacts: list(contact)
    .refine((given) => given.length <= 30, 'errors.field.tooBig')
    .default([]),
  kinds: list(z.enum(CONTACT_KINDS)),
  divisionDocument: optionalAddress(500),
});
