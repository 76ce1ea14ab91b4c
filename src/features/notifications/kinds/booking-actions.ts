import type { Clock } from '../../../shared/clock.js';
import { conflict, notFound } from '../../../shared/errors.js';
import type { ActionHandler } from '../actions/actions.service.js';
import type { ConsultationsFeature, ToldBooking } from '../../consultations/index.js';
import { actorFor, type Membership } from './actor-for.js';
import type { NotificationKind, Notifier } from './kind.js';
import { idOf, pressedSubject } from './told-bookings.js';

export interface BookingActionsDeps {
  readonly consultations: Pick<ConsultationsFeature, 'told' | 'bookings'>;
  readonly membership: Membership;
  readonly notifier: Notifier;
  readonly findKind: (name: string) => NotificationKind | null;
  readonly clock: Clock;
}

/** Buttons of a reminder: a student confirms, cancels, or says that they are late. */
export function bookingActions(deps: BookingActionsDeps): ActionHandler[] {
  const { consultations, membership, notifier, findKind, clock } = deps;

  /** @throws DomainError `not-found`, `booking-gone` (409) */
  async function standing(subjectId: string, personId: string): Promise<ToldBooking> {
    const booking = await consultations.told.find(idOf(subjectId));
    if (!booking?.personIds.includes(personId)) throw notFound();
    if (booking.state !== 'booked') throw conflict('booking-gone');
    return booking;
  }

  const about: ActionHandler['about'] = async ({ subjectId, personId }) => {
    const booking = await consultations.told.find(idOf(subjectId));
    if (!booking?.personIds.includes(personId)) return null;
    return { title: booking.title, when: booking.startsAt };
  };

  /** @param until when there is no use in it any more */
  const tellTeacher = (
    name: string,
    kindName: string,
    until: (booking: ToldBooking) => Date,
  ): ActionHandler => ({
    name,
    about,
    async run({ subjectId, personId }) {
      const booking = await standing(subjectId, personId);
      if (until(booking) <= clock.now()) throw conflict('slot-past');
      const kind = findKind(kindName);
      if (kind === null) return;
      const { teacherId, courseId } = booking;
      const told = { subjectId: pressedSubject(booking, personId), personId: teacherId, courseId };
      await notifier.notify(kind, [told], clock.now());
    },
  });

  return [
    {
      name: 'booking-cancel',
      about,
      async run({ subjectId, personId, courseId }) {
        await standing(subjectId, personId);
        await consultations.bookings.cancelBooking(
          await actorFor(membership, { personId, courseId }),
          idOf(subjectId),
          '',
        );
      },
    },
    tellTeacher('booking-confirm', 'booking-confirmed', ({ startsAt }) => startsAt),
    // Most say that they are late when it has begun.
    tellTeacher('booking-late', 'booking-late', ({ endsAt }) => endsAt),
  ];
}
