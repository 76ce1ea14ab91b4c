import { translator, type Locale } from '../../i18n/index.js';
import { isMailAddress, type MailTopic } from '../../infra/mail/index.js';
import type { Clock } from '../../shared/clock.js';
import { fullName, type PersonName } from '../../shared/names.js';
import type { Holder } from '../directory/index.js';
import type { Course, Person } from '../membership/index.js';
import type { SignInTarget } from './sign-in-links.store.js';

export interface AccessMailDeps {
  readonly findHolder: (cardId: string) => Promise<Holder | null>;
  readonly findPerson: (personId: string) => Promise<Person | null>;
  readonly findCourse: (courseId: string) => Promise<Course | null>;
  readonly locale: () => Promise<Locale>;
  readonly clock: Clock;
  readonly publicUrl: string;
  /** Makes the link at the moment the message is written: no job ever holds its token. */
  readonly issue: (target: SignInTarget) => Promise<string>;
}

/** The page stands in the address as well: a link that is over leads to the form that sends another. */
const query = (token: string, to: string): string => new URLSearchParams({ token, to }).toString();

interface Recipient {
  readonly personId: string;
  readonly name: PersonName;
  readonly email: string;
}

/** Messages with one-time sign-in links. */
export function accessTopics(deps: AccessMailDeps): { staff: MailTopic; course: MailTopic } {
  async function written(recipient: Recipient, what: 'staff' | 'course', url: string) {
    const locale = await deps.locale();
    const t = translator(locale);
    const { name, email, personId } = recipient;
    return {
      at: deps.clock.now(),
      recipient: {
        personId,
        name: fullName(name),
        salutation: [name.givenName, name.patronymic].filter((part) => part !== '').join(' '),
        address: email,
        locale,
      },
      content: {
        subject: t('access.mail.subject'),
        paragraphs: [t(`access.mail.${what}`), t('access.mail.limits')],
        action: { label: t('access.mail.open'), url },
      },
    };
  }

  return {
    staff: {
      name: 'staff-sign-in',
      async draft(id) {
        const [cardId = '', page = ''] = id.split('.');
        const holder = await deps.findHolder(cardId);
        if (holder === null || !isMailAddress(holder.email)) return null;
        const path = Buffer.from(page, 'base64url').toString();
        const token = await deps.issue({ kind: 'staff', cardId, path });
        const recipient = { personId: holder.personIds[0] ?? '', name: holder.name, email: holder.email };
        return written(recipient, 'staff', `${deps.publicUrl}/staff/enter?${query(token, path)}`);
      },
    },
    course: {
      name: 'course-sign-in',
      async draft(id) {
        const [personId = '', courseId = '', page = ''] = id.split('.');
        const [person, course] = await Promise.all([deps.findPerson(personId), deps.findCourse(courseId)]);
        if (person === null || course === null || !isMailAddress(person.email)) return null;
        const path = Buffer.from(page, 'base64url').toString();
        const token = await deps.issue({ kind: 'course', personId, courseId, path });
        return written(
          { personId, name: person.name, email: person.email },
          'course',
          `${deps.publicUrl}/enter?${query(token, `/c/${course.key}/${path}`)}`,
        );
      },
    },
  };
}
