import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { compareNames } from '../../../shared/collation.js';
import { badInput, conflict, forbidden, notFound } from '../../../shared/errors.js';
import type { Person } from '../../membership/index.js';
import type { Attestation, AttestationsStore } from '../../schedule/index.js';
import { mayBook, mayManage, mayManageAll, mayTeach } from '../consultations.policy.js';
import type { Series, SeriesStore } from '../series/series.store.js';
import type { Invitation, Invite } from './invitations.js';
import { isRequired, obligationsOf, type Obligation, type ObligationsDeps } from './obligations.service.js';
import type { MessagesStore } from './messages.store.js';

/** A student of the course, and how often they have booked. */
export interface Participant {
  readonly person: Person;
  readonly count: number;
}

export interface ParticipationDeps extends ObligationsDeps {
  readonly series: Pick<SeriesStore, 'findOptional' | 'ofAttestation' | 'ofCourse'>;
  readonly messages: Pick<MessagesStore, 'insert' | 'lastInvitedAt'>;
  readonly attestations: Pick<AttestationsStore, 'findOptional' | 'list'>;
  readonly invite: Invite;
  readonly clock: Clock;
}

export interface AttestationPeople {
  readonly attestation: Attestation;
  readonly series: readonly Series[];
  readonly participants: readonly Participant[];
  /** When those who had not booked were invited last. */
  readonly invitedAt: Date | null;
}

export interface Participation {
  /** What the course's students have to book; for a student, what is still to be booked. */
  obligations(actor: Actor): Promise<Obligation[]>;
  /** The course's students by name, with how often each has booked a series. @throws DomainError `forbidden`, `not-found` */
  ofSeries(
    actor: Actor,
    seriesId: string,
  ): Promise<{ series: Series; participants: Participant[]; invitedAt: Date | null }>;
  /** The same for the series that prepare for an attestation: those that are required, or all if none is. */
  ofAttestation(actor: Actor, attestationId: string): Promise<AttestationPeople>;
  /** Invites everyone who has not booked. @throws DomainError `all-booked` (409) */
  inviteToSeries(actor: Actor, seriesId: string): Promise<void>;
  inviteToAttestation(actor: Actor, attestationId: string): Promise<void>;
  /** Writes to everyone booked for what is to come of a series. @throws DomainError `none-booked` (409), `bad-input` */
  write(actor: Actor, seriesId: string, text: string): Promise<void>;
}

export function createParticipation(deps: ParticipationDeps): Participation {
  const { series, bookings, messages, clock } = deps;

  async function participantsOf(courseId: string, seriesIds: readonly string[]): Promise<Participant[]> {
    const [students, booked] = await Promise.all([
      deps.studentsOf(courseId),
      bookings.listOfSeries(seriesIds),
    ]);
    const counts = new Map<string, number>();
    for (const id of booked.flatMap(({ personIds }) => personIds)) counts.set(id, (counts.get(id) ?? 0) + 1);
    return students
      .map((person) => ({ person, count: counts.get(person.id) ?? 0 }))
      .sort((a, b) => compareNames(a.person.name, b.person.name));
  }

  async function findManaged(actor: Actor, seriesId: string): Promise<Series> {
    const found = await series.findOptional(actor.courseId, seriesId);
    if (found === null) throw notFound();
    if (!mayManage(actor, found)) throw forbidden();
    return found;
  }

  async function ofSeries(actor: Actor, seriesId: string) {
    const found = await findManaged(actor, seriesId);
    const about = { seriesId, attestationId: '' };
    return {
      series: found,
      participants: await participantsOf(actor.courseId, [seriesId]),
      invitedAt: await messages.lastInvitedAt(actor.courseId, about),
    };
  }

  /** @throws DomainError `forbidden`, `not-found` */
  async function findAttestation(actor: Actor, attestationId: string) {
    if (!mayTeach(actor)) throw forbidden();
    const attestation = await deps.attestations.findOptional(actor.courseId, attestationId);
    if (attestation === null) throw notFound();
    const found = await series.ofAttestation(actor.courseId, attestationId);
    const required = found.filter(isRequired);
    const counted = (required.length > 0 ? required : found).map(({ id }) => id);
    return { attestation, series: found, counted };
  }

  async function ofAttestation(actor: Actor, attestationId: string): Promise<AttestationPeople> {
    const { attestation, series: found, counted } = await findAttestation(actor, attestationId);
    const participants = await participantsOf(actor.courseId, counted);
    const invitedAt = await messages.lastInvitedAt(actor.courseId, { seriesId: '', attestationId });
    return { attestation, series: found, participants, invitedAt };
  }

  async function invite(
    { courseId, personId: by }: Actor,
    seriesIds: readonly string[],
    about: Invitation['about'],
  ): Promise<void> {
    if (!(await deps.invite({ courseId, seriesIds, about, by }))) throw conflict('all-booked');
  }

  return {
    ofSeries,
    ofAttestation,

    async obligations(actor) {
      const all = await obligationsOf(deps, actor);
      return mayBook(actor) ? all.filter(({ missing }) => missing.length > 0) : all;
    },

    async inviteToSeries(actor, seriesId) {
      await findManaged(actor, seriesId);
      await invite(actor, [seriesId], { seriesId, attestationId: '' });
    },

    async inviteToAttestation(actor, attestationId) {
      const { counted, series: found } = await findAttestation(actor, attestationId);
      // Those who manage none of its series do not speak for it.
      if (!mayManageAll(actor) && !found.some((item) => mayManage(actor, item))) throw forbidden();
      await invite(actor, counted, { seriesId: '', attestationId });
    },

    async write(actor, seriesId, text) {
      await findManaged(actor, seriesId);
      if (text === '') throw badInput({ text: 'errors.field.missing' });
      const now = clock.now();
      const booked = (await bookings.listOfSeries([seriesId])).filter(({ endsAt }) => endsAt > now);
      const personIds = [...new Set(booked.flatMap((booking) => booking.personIds))];
      if (personIds.length === 0) throw conflict('none-booked');
      const { courseId, personId: by } = actor;
      const about = { seriesId, attestationId: '' };
      await messages.insert({ ...about, courseId, kind: 'message', text, personIds, by, at: now });
    },
  };
}
