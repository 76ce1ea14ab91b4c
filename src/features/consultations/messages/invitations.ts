import type { Clock } from '../../../shared/clock.js';
import type { Person } from '../../membership/index.js';
import type { BookingsStore } from '../bookings/bookings.store.js';
import type { MessagesStore } from './messages.store.js';

export interface Invitation {
  readonly courseId: string;
  /** Who has booked one of these is not invited. */
  readonly seriesIds: readonly string[];
  /** What it is to: one of the two, the other is ''. */
  readonly about: { readonly seriesId: string; readonly attestationId: string };
  /** Person id of who invites. */
  readonly by: string;
}

/** Invites the students of a course who have not booked. Returns false if all have. */
export type Invite = (invitation: Invitation) => Promise<boolean>;

export interface InviteDeps {
  readonly bookings: Pick<BookingsStore, 'listOfSeries'>;
  readonly messages: Pick<MessagesStore, 'insert'>;
  readonly studentsOf: (courseId: string) => Promise<Person[]>;
  readonly clock: Clock;
}

export const createInvite =
  ({ bookings, messages, studentsOf, clock }: InviteDeps): Invite =>
  async ({ courseId, seriesIds, about, by }) => {
    const [students, booked] = await Promise.all([studentsOf(courseId), bookings.listOfSeries(seriesIds)]);
    const have = new Set(booked.flatMap(({ personIds }) => personIds));
    const personIds = students.map(({ id }) => id).filter((id) => !have.has(id));
    if (personIds.length === 0) return false;
    await messages.insert({
      ...about,
      ...{ courseId, kind: 'invitation', text: '', personIds, by, at: clock.now() },
    });
    return true;
  };
