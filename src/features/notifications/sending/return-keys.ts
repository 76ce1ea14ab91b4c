import { CARD } from './card-recipients.js';

/** Whose mailbox a message went to, as its return address names it. */
export type Returned = { readonly personId: string } | { readonly contactId: string };

/** Of a person, or of the holder of a card. */
export const returnKeyOf = (personId: string): string =>
  personId.startsWith(CARD) ? `k${personId.slice(CARD.length)}` : `p${personId}`;
/** Of a parent. */
export const contactReturnKey = (contactId: string): string => `c${contactId}`;

/** Returns null for what we have not made. */
export function returnedTo(returnKey: string): Returned | null {
  const id = /^[pkc]([0-9a-f]{24})$/.exec(returnKey)?.[1];
  if (id === undefined) return null;
  if (returnKey.startsWith('c')) return { contactId: id };
  return { personId: returnKey.startsWith('k') ? `${CARD}${id}` : id };
}
