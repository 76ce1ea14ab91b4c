import { translator, type Locale } from '../../i18n/index.js';
import { isMailAddress, type MailTopic } from '../../infra/mail/index.js';
import { fullName, type PersonName } from '../../shared/names.js';
import { formatDate } from '../../web/format.js';
import type { CancelledBooking } from '../consultations/index.js';

export interface CancelledMailDeps {
  readonly findCancelled: (bookingId: string) => Promise<CancelledBooking | null>;
  readonly findPerson: (personId: string) => Promise<MailedPerson | null>;
  readonly findCourseTitle: (courseId: string) => Promise<string>;
  /** The centre's own language: an LMS does not say the person's outside of a launch. */
  readonly locale: () => Promise<Locale>;
}

export interface MailedPerson {
  readonly id: string;
  readonly name: PersonName;
  readonly email: string;
}

/** The message that tells a student by mail that a consultation does not take place. */
export const cancelledMail = (deps: CancelledMailDeps): MailTopic => ({
  name: 'booking-cancelled',
  async draft(bookingId) {
    const booking = await deps.findCancelled(bookingId);
    const person = booking && (await deps.findPerson(booking.personId));
    if (!booking || !person || !isMailAddress(person.email)) return null;
    const locale = await deps.locale();
    const t = translator(locale);
    const { title, zone, startsAt, teacher, reason } = booking;
    const when = formatDate(startsAt, locale, zone, 'full');
    const course = await deps.findCourseTitle(booking.courseId);
    return {
      at: booking.cancelledAt,
      recipient: {
        personId: person.id,
        name: fullName(person.name),
        salutation: [person.name.givenName, person.name.patronymic].filter((part) => part !== '').join(' '),
        address: person.email,
        locale,
      },
      content: {
        subject: t('notifications.mail.subject', { title }),
        paragraphs: [
          t('notifications.mail.what', { title, when, zone }),
          [
            t('notifications.mail.reason', { reason }),
            teacher ? t('notifications.mail.teacher', { name: fullName(teacher) }) : '',
            t('notifications.mail.course', { course }),
          ]
            .filter((line) => line !== '')
            .join('\n'),
          t('notifications.mail.next'),
        ],
      },
    };
  },
});
