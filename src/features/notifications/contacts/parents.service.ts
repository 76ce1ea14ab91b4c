import { z } from 'zod';
import { translator, type Locale } from '../../../i18n/index.js';
import { defineJob, exponential, type Jobs } from '../../../infra/jobs/index.js';
import { deliverInJob, isMailAddress, type Mail } from '../../../infra/mail/index.js';
import { DAY, MINUTE, HOUR, type Clock } from '../../../shared/clock.js';
import { badInput, conflict, notFound } from '../../../shared/errors.js';
import { fullName, type PersonName } from '../../../shared/names.js';
import type { Sealer } from '../../../shared/sealing.js';
import type { AddressesStore } from '../channels/addresses.store.js';
import type { MessengerName } from '../channels/channel.js';
import type { Linking, LinkOffer } from '../channels/linking.service.js';
import { linkedAs, type Contact, type ContactsStore } from './contacts.store.js';

/** Parents of a student who are told of what the student is told of, once they have agreed. */
export interface Parents {
  listOf(personId: string): Promise<Contact[]>;
  /** Asks a parent by e-mail. @throws DomainError `bad-input`, `too-many-parents` (409) */
  add(
    personId: string,
    parent: { readonly name: string; readonly address: string; readonly locale: Locale },
  ): Promise<void>;
  /** @throws DomainError `not-found` */
  remove(personId: string, id: string): Promise<void>;
  /** Whom a token of our mail asks. @throws DomainError `not-found` */
  asked(token: string): Promise<{ readonly contact: Contact; readonly student: PersonName }>;
  /** Messengers of a parent who has agreed: those that are linked, and how to link the others. */
  messengers(contact: Contact): Promise<ParentMessengers>;
  /** @throws DomainError `not-found` */
  unlink(token: string, channel: MessengerName): Promise<void>;
  confirm(token: string): Promise<void>;
  /** The parent does not want it: nothing of them is kept. */
  refuse(token: string): Promise<void>;
}

export interface ParentMessengers {
  readonly linked: readonly MessengerName[];
  readonly offers: readonly LinkOffer[];
}

export interface ParentsDeps {
  readonly contacts: ContactsStore;
  readonly addresses: Pick<AddressesStore, 'listOf' | 'unlink'>;
  readonly linking: Pick<Linking, 'offers'>;
  readonly enabledMessengers: () => Promise<readonly MessengerName[]>;
  readonly jobs: Jobs;
  readonly mail: Mail;
  readonly sealer: Sealer;
  readonly findPerson: (id: string) => Promise<{ readonly name: PersonName } | null>;
  readonly publicUrl: string;
  readonly clock: Clock;
}

const PURPOSE = 'parent';
const MOST = 4;
const opened = z.object({ contactId: z.string(), personId: z.string() });

export function createParents(deps: ParentsDeps): Parents {
  const { contacts, jobs, mail, sealer, clock } = deps;

  const ask = jobs.register(
    defineJob({
      name: 'ask-parent',
      payload: z.object({ contactId: z.string() }),
      key: ({ contactId }) => contactId,
      retry: exponential({ first: MINUTE, factor: 2, upTo: HOUR, giveUp: 3 * DAY }),
      async run({ payload: { contactId }, key }) {
        const contact = await contacts.findOptional(contactId);
        const student = contact && (await deps.findPerson(contact.personId));
        if (!contact || !student || contact.confirmedAt !== null) return;
        await askByMail(contact, student.name, key);
      },
    }),
  );

  async function askByMail(contact: Contact, student: PersonName, key: string): Promise<void> {
    const { id: contactId, personId, name, address, locale, addedAt } = contact;
    const t = translator(locale);
    const token = sealer.seal(JSON.stringify({ contactId, personId }), PURPOSE);
    const text = t('notifications.parent.ask', { student: fullName(student) || t('common.nameless') });
    await deliverInJob(mail, {
      key: `ask-parent:${key}`,
      at: addedAt,
      recipient: { personId, name, salutation: name, address, locale },
      content: {
        subject: t('notifications.parent.subject'),
        paragraphs: [text, t('notifications.parent.ignore')],
        action: { label: t('notifications.parent.look'), url: `${deps.publicUrl}/parents/${token}` },
      },
    });
  }

  async function find(token: string): Promise<Contact> {
    let ids: z.infer<typeof opened>;
    try {
      ids = opened.parse(JSON.parse(sealer.open(token, PURPOSE)));
    } catch {
      throw notFound();
    }
    const contact = await contacts.findOptional(ids.contactId);
    if (contact?.personId !== ids.personId) throw notFound();
    return contact;
  }

  return {
    listOf: (personId) => contacts.listOf(personId),

    async add(personId, { name, address, locale }) {
      if (!isMailAddress(address)) throw badInput({ address: 'errors.field.wrong' });
      if ((await contacts.listOf(personId)).length >= MOST) throw conflict('too-many-parents');
      const added = await contacts.add({ personId, name, address, locale, addedAt: clock.now() });
      if (added !== null && mail.mode !== 'off') await jobs.enqueueOnce(ask, { contactId: added.id });
    },

    async remove(personId, id) {
      if (!(await contacts.remove(personId, id))) throw notFound();
    },

    async asked(token) {
      const contact = await find(token);
      const student = await deps.findPerson(contact.personId);
      if (student === null) throw notFound();
      return { contact, student: student.name };
    },

    async messengers({ id, confirmedAt }) {
      if (confirmedAt === null) return { linked: [], offers: [] };
      const [all, enabled] = await Promise.all([
        deps.addresses.listOf(linkedAs(id)),
        deps.enabledMessengers(),
      ]);
      // A telephone is confirmed on a page with a login.
      const possible = enabled.filter((name) => name !== 'sms');
      const linked = possible.filter((name) =>
        all.some(({ channel, brokenAt }) => channel === name && brokenAt === null),
      );
      const others = possible.filter((name) => !linked.includes(name));
      return { linked, offers: await deps.linking.offers(linkedAs(id), others) };
    },

    async unlink(token, channel) {
      await deps.addresses.unlink(linkedAs((await find(token)).id), channel);
    },

    async confirm(token) {
      await contacts.confirm((await find(token)).id, clock.now());
    },

    async refuse(token) {
      const { personId, id } = await find(token);
      await contacts.remove(personId, id);
    },
  };
}
