import { z } from 'zod';
import type { Sealer } from '../../../shared/sealing.js';
import { TOPICS } from '../kinds/kind.js';

const PURPOSE = 'unsubscribe';

const payload = z.object({
  personId: z.string(),
  topic: z.enum(TOPICS),
  contactId: z.string(),
  /** Of the mail that the token came in; '' in mails of the time before it was there. */
  kind: z.string().default(''),
});
/** Who wants no more messages of a topic by e-mail: a person, or a parent of theirs. */
export type Unsubscription = z.infer<typeof payload>;

/** Tokens of the addresses in `List-Unsubscribe` (RFC 8058): they need no login and can be made by us alone. */
export interface UnsubscribeTokens {
  seal(unsubscription: Unsubscription): string;
  /** Returns null for what we have not made. */
  open(token: string): Unsubscription | null;
}

export const unsubscribeTokens = (sealer: Sealer): UnsubscribeTokens => ({
  seal: (unsubscription) => sealer.seal(JSON.stringify(unsubscription), PURPOSE),
  open(token) {
    try {
      return payload.parse(JSON.parse(sealer.open(token, PURPOSE)));
    } catch {
      return null;
    }
  },
});
