import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { notFound } from '../../shared/errors.js';
import type { CancelledBooking } from '../consultations/index.js';
import type { NotificationsStore } from './notifications.store.js';

/** A cancelled consultation, as its student is told of it. */
export interface ShownNotification extends Pick<
  CancelledBooking,
  'title' | 'startsAt' | 'endsAt' | 'teacher' | 'reason'
> {
  readonly id: string;
}

export interface NotificationsService {
  /** Keeps that a booking was cancelled for its student to read. Does nothing when there is nothing to tell. */
  noteCancelled(bookingId: string): Promise<void>;
  /** What the actor has not read in the course, the newest first. */
  listUnread(actor: Actor, limit: number): Promise<ShownNotification[]>;
  /** Marking what is read changes nothing. @throws DomainError `not-found` for another person's */
  markRead(actor: Actor, id: string): Promise<void>;
}

export interface NotificationsServiceDeps {
  readonly notifications: NotificationsStore;
  readonly clock: Clock;
  /** Null unless the teacher's side has cancelled the booking. */
  readonly findCancelled: (bookingId: string) => Promise<CancelledBooking | null>;
}

export function createNotificationsService(deps: NotificationsServiceDeps): NotificationsService {
  const { notifications, clock, findCancelled } = deps;
  return {
    async noteCancelled(bookingId) {
      const booking = await findCancelled(bookingId);
      if (booking === null) return;
      const { personId, courseId } = booking;
      await notifications.insert({
        personId,
        courseId,
        kind: 'booking-cancelled',
        subjectId: bookingId,
        at: clock.now(),
      });
    },
    async listUnread({ courseId, personId }, limit) {
      const unread = await notifications.listUnread(courseId, personId, limit);
      const shown = await Promise.all(
        unread.map(async ({ id, subjectId }) => {
          const booking = await findCancelled(subjectId);
          if (booking === null) return null;
          const { title, startsAt, endsAt, teacher, reason } = booking;
          return { id, title, startsAt, endsAt, teacher, reason };
        }),
      );
      return shown.filter((notification) => notification !== null);
    },
    async markRead({ courseId, personId }, id) {
      if (!(await notifications.markRead(courseId, personId, id, clock.now()))) throw notFound();
    },
  };
}
