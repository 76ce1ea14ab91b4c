import type { Router } from 'express';
import type { Locale } from '../../i18n/index.js';
import type { Events } from '../../infra/events/index.js';
import type { MailQueue } from '../../infra/mail/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Storage } from '../../storage/index.js';
import { bookingCancelled, type ConsultationsFeature } from '../consultations/index.js';
import type { MembershipFeature } from '../membership/index.js';
import { cancelledMail } from './cancelled.mail.js';
import { notificationsRouter } from './notifications.routes.js';
import { createNotificationsService, type ShownNotification } from './notifications.service.js';
import { createNotificationsStore } from './notifications.store.js';
import { addQuestionsMail, type QuestionsMailDeps } from './questions.mail.js';
import { notificationsPersonalData } from './personal-data.js';

export type { ShownNotification } from './notifications.service.js';

export interface NotificationsDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly events: Pick<Events, 'subscribe'>;
  readonly mailQueue: MailQueue;
  readonly consultations: Pick<ConsultationsFeature, 'findCancelledBooking'>;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses'>;
  readonly questions: QuestionsMailDeps['questions'];
  readonly organisation: QuestionsMailDeps['organisation'];
  readonly publicUrl: string;
  readonly centre: QuestionsMailDeps['centre'];
  /** The centre's own language. */
  readonly locale: () => Promise<Locale>;
}

/** What happens without a person's doing reaches that person: on the home page, and by mail. */
export interface NotificationsFeature {
  /** `/c/:courseKey/notifications` */
  readonly router: Router;
  /** What the actor has not read in the course, the newest first. */
  listUnread(actor: Actor, limit: number): Promise<ShownNotification[]>;
  readonly personalData: PersonalData;
}

export function createNotifications(deps: NotificationsDeps): NotificationsFeature {
  const { storage, clock, events, mailQueue, consultations, membership, locale } = deps;
  const store = createNotificationsStore(storage.connection);
  const service = createNotificationsService({
    notifications: store,
    clock,
    findCancelled: (id) => consultations.findCancelledBooking(id),
  });
  const topic = cancelledMail({
    findCancelled: (id) => consultations.findCancelledBooking(id),
    findPerson: (id) => membership.people.findOptional(id),
    findCourseTitle: async (id) => (await membership.courses.findOptional(id))?.title ?? '',
    locale,
  });
  mailQueue.defineTopic(topic);
  addQuestionsMail({
    ...deps,
    findPerson: (id) => membership.people.findOptional(id),
    findCourse: (id) => membership.courses.findOptional(id),
  });
  // Two subscribers, so that a failure of the one keeps nothing from the other.
  events.subscribe(bookingCancelled, {
    name: 'note-booking-cancelled',
    run: ({ documentId, data }) =>
      data.side === 'teacher' ? service.noteCancelled(documentId) : Promise.resolve(),
  });
  events.subscribe(bookingCancelled, {
    name: 'mail-booking-cancelled',
    run: ({ documentId, data }) =>
      data.side === 'teacher' ? mailQueue.send(topic, documentId) : Promise.resolve(),
  });
  return {
    router: notificationsRouter(service),
    listUnread: (actor, limit) => service.listUnread(actor, limit),
    personalData: notificationsPersonalData(store),
  };
}
