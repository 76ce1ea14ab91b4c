import { z } from 'zod';
import { translator, type Locale } from '../../../i18n/index.js';
import { defineJob, exponential, JobError, type Jobs } from '../../../infra/jobs/index.js';
import { isMailAddress, MailError, type Mail } from '../../../infra/mail/index.js';
import { DAY, MINUTE, HOUR, type Clock } from '../../../shared/clock.js';
import { badInput, conflict, notFound } from '../../../shared/errors.js';
import { fullName, type PersonName } from '../../../shared/names.js';
import type { Sealer } from '../../../shared/sealing.js';
import type { Contact, ContactsStore } from './contacts.store.js';

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
  confirm(token: string): Promise<void>;
  /** The parent does not want it: nothing of them is kept. */
  refuse(token: string): Promise<void>;
}

export interface ParentsDeps {
  readonly contacts: ContactsStore;
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
    const message = await mail.compose({
      key: `ask-parent:${key}`,
      at: addedAt,
      recipient: { personId, name, salutation: name, address, locale },
      content: {
        subject: t('notifications.parent.subject'),
        paragraphs: [text, t('notifications.parent.ignore')],
        action: { label: t('notifications.parent.look'), url: `${deps.publicUrl}/parents/${token}` },
      },
    });
    try {
      await mail.deliver(message);
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      throw new JobError(error.message, { retryable: !error.final, laneDown: error.serverDown });
    }
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

    async confirm(token) {
      await contacts.confirm((await find(token)).id, clock.now());
    },

    async refuse(token) {
      const { personId, id } = await find(token);
      await contacts.remove(personId, id);
    },
  };
}
