import express, { Router } from 'express';
import type { Logger } from 'pino';
import { isGone, type Mail } from '../../../infra/mail/index.js';
import type { Clock } from '../../../shared/clock.js';
import type { ContactsStore } from '../contacts/contacts.store.js';
import { returnedTo } from '../sending/return-keys.js';
import type { AddressesStore } from './addresses.store.js';

export interface BouncesDeps {
  readonly mail: Pick<Mail, 'returnAddresses'>;
  readonly addresses: Pick<AddressesStore, 'addBroken'>;
  readonly contacts: Pick<ContactsStore, 'setBroken'>;
  readonly emailOf: (personId: string) => Promise<string>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Reports bring the message along that could not be delivered. */
const MOST_BYTES = '1mb';

/**
 * `/hooks/mail`: takes what came to a return address, as the mail server hands it on (`message/rfc822`). The signature in
 * the address is the right to it: it is known to those alone who were sent that message. A mailbox that is gone is sent
 * nothing more.
 */
export function bouncesRouter({ mail, addresses, contacts, emailOf, clock, log }: BouncesDeps): Router {
  const router = Router();
  router.post('/', express.raw({ type: () => true, limit: MOST_BYTES }), async (req, res) => {
    const body: unknown = req.body;
    const bounce = mail.returnAddresses?.read(Buffer.isBuffer(body) ? body.toString('utf8') : '') ?? null;
    const returned = bounce && returnedTo(bounce.returnKey);
    if (!returned) {
      res.status(401).end();
      return;
    }
    const { failed, status, words } = bounce;
    log.info({ failed, status }, 'a message came back');
    if (isGone(bounce)) {
      const now = clock.now();
      if ('contactId' in returned) await contacts.setBroken(returned.contactId, now);
      else {
        const { personId } = returned;
        const address = await emailOf(personId);
        const reason = `${status} ${words}`.trim();
        if (address !== '') await addresses.addBroken({ personId, channel: 'mail', address, reason }, now);
      }
    }
    res.status(204).end();
  });
  return router;
}
