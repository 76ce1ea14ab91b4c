import type { Actor } from '../../../shared/actor.js';
import type { AttestationsStore } from '../../schedule/index.js';
import type { Person } from '../../membership/index.js';
import type { BookingsStore } from '../bookings/bookings.store.js';
import { mayBook, mayManage } from '../consultations.policy.js';
import type { Series, SeriesStore } from '../series/series.store.js';

/** What students have to book at least once: a series, or any of those before an attestation. */
export interface Obligation {
  readonly title: string;
  /** Of the attestation, `YYYY-MM-DD`; ''. */
  readonly on: string;
  /** Those of them that the actor may know, newest first. */
  readonly series: readonly Series[];
  /** Person ids of the students who have not booked. */
  readonly missing: readonly string[];
  /** Of the page that lists who has booked, below the consultations. */
  readonly path: string;
}

export interface ObligationsDeps {
  readonly series: Pick<SeriesStore, 'ofCourse'>;
  readonly bookings: Pick<BookingsStore, 'listOfSeries'>;
  readonly attestations: Pick<AttestationsStore, 'list'>;
  readonly studentsOf: (courseId: string) => Promise<Person[]>;
}

/** Whether students of the course must book a series. */
export const isRequired = ({ required }: Pick<Series, 'required'>): boolean => required === 'yes';

/** What is to be booked in the actor's course: of the actor's series, or by the actor. */
export async function obligationsOf(
  { series, bookings, attestations, studentsOf }: ObligationsDeps,
  actor: Actor,
): Promise<Obligation[]> {
  const required = (await series.ofCourse(actor.courseId, 'active')).filter(isRequired);
  const own = mayBook(actor) ? required : required.filter((item) => mayManage(actor, item));
  if (own.length === 0) return [];
  const [students, booked, dates] = await Promise.all([
    mayBook(actor) ? [actor.personId] : studentsOf(actor.courseId).then((all) => all.map(({ id }) => id)),
    bookings.listOfSeries(required.map(({ id }) => id)),
    attestations.list(actor.courseId),
  ]);
  const groups = new Map<string, Series[]>();
  for (const item of own) {
    const key = item.attestationId || item.id;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups].map(([key, of]) => {
    // Any series before the attestation counts, of any teacher.
    const ids = new Set(
      required.filter((item) => (item.attestationId || item.id) === key).map(({ id }) => id),
    );
    const have = new Set(
      booked.filter(({ seriesId }) => ids.has(seriesId)).flatMap(({ personIds }) => personIds),
    );
    const attestation = dates.find(({ id }) => id === key);
    return {
      title: attestation?.title ?? of[0]?.title ?? '',
      on: attestation?.on ?? '',
      series: of,
      missing: students.filter((id) => !have.has(id)),
      path: attestation ? `attestations/${key}` : `${key}/people`,
    };
  });
}
