import type { Actor } from '../../shared/actor.js';
import { isInNetworks } from '../../shared/addresses.js';
import { MINUTE } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import { atLeast } from '../../shared/roles.js';
import { isOpen, type Attempt } from './attempts/attempt.js';
import { EVERYTHING, rightsAt, type ReviewRights } from './review/review.js';
import type { Test } from './tests/tests.store.js';

/** For the network: an answer given in time may arrive this much later. */
export const GRACE_MS = MINUTE;

/** Writes tests and questions. */
export const mayEdit = (actor: Actor): boolean => atLeast(actor.role, 'teacher');

/** Sees drafts, keys, and everybody's attempts. */
export const maySeeResults = (actor: Actor): boolean => atLeast(actor.role, 'assistant');

/** Attempts are made by students alone: LMSs take no score of a teacher. */
export const mayAttempt = (actor: Actor): boolean => actor.role === 'student';

/** Whether the actor comes from a network from which the test may be answered. */
export const isWhereAllowed = (
  test: Pick<Test, 'networks'>,
  { address = '' }: Pick<Actor, 'address'>,
): boolean => test.networks.length === 0 || isInNetworks(address, test.networks);

/** @throws DomainError `network-refused` (403), with the address that the request came from */
export function demandNetwork(test: Pick<Test, 'networks'>, actor: Pick<Actor, 'address'>): void {
  if (isWhereAllowed(test, actor)) return;
  throw new DomainError('network-refused', 403, { params: { address: actor.address ?? '' } });
}

/** Own attempts, or everybody's. */
export const maySeeAttempt = (actor: Actor, attempt: Attempt): boolean =>
  attempt.personId === actor.personId || maySeeResults(actor);

/** By the test's rule of the moment; those who teach see all. */
export const reviewRights = (actor: Actor, test: Test, attempt: Attempt, now: Date): ReviewRights =>
  maySeeResults(actor) ? EVERYTHING : rightsAt(test, attempt, now);

/** An attempt that ended by its time may go on. */
export const mayReopen = (actor: Actor, attempt: Attempt): boolean =>
  mayEdit(actor) && !isOpen(attempt) && attempt.finishedBy === 'time';

type Times = Pick<Test, 'timeLimitMinutes' | 'closesAt'>;

/** When the time of an attempt is over, as the test stands now; null: never. Grace comes on top. */
export function deadlineOf(test: Times, startedAt: Date): Date | null {
  const ends = [
    ...(test.timeLimitMinutes > 0 ? [startedAt.getTime() + test.timeLimitMinutes * MINUTE] : []),
    ...(test.closesAt ? [test.closesAt.getTime()] : []),
  ];
  return ends.length > 0 ? new Date(Math.min(...ends)) : null;
}

/** Whether even the grace has passed. */
export const isOver = (deadline: Date | null, now: Date): boolean => {
  const closeAt = closeAtOf(deadline);
  return closeAt !== null && now >= closeAt;
};

/** Returns the first moment at which an attempt with this deadline is over; null: never. */
export const closeAtOf = (deadline: Date | null): Date | null =>
  deadline && new Date(deadline.getTime() + GRACE_MS + 1);

/** The deadline of an attempt that is closed at a moment: the grace lies between them. */
export const deadlineBefore = (closeAt: Date): Date => new Date(closeAt.getTime() - GRACE_MS - 1);

/** The same where an attempt may never be closed. */
export const deadlineFrom = (closeAt: Date | null): Date | null => closeAt && deadlineBefore(closeAt);

/** Until when an overdue attempt may be handed in as it stands. */
export const overdueEnd = (test: Pick<Test, 'whenOverdue' | 'overdueMinutes'>, deadline: Date): Date =>
  new Date(deadline.getTime() + (test.whenOverdue === 'grace' ? test.overdueMinutes * MINUTE : 0));

/**
 * Where a student stands with a test: `running`, an attempt is open; `ready`, one may be started; the others
 * say why not.
 */
export type Standing = 'running' | 'ready' | 'notYet' | 'closed' | 'noneLeft' | 'delayed';

export function standingOf(
  test: Pick<Test, 'state' | 'opensAt' | 'closesAt' | 'attemptsAllowed'> &
    Partial<Pick<Test, 'delayMinutes'>>,
  attempts: readonly (Pick<Attempt, 'state' | 'number'> & Partial<Pick<Attempt, 'finishedAt'>>)[],
  now: Date,
): Standing {
  if (attempts.some(isOpen)) return 'running';
  // Taken back by the teacher; those who have attempts still see them.
  if (test.state !== 'published') return 'closed';
  if (test.opensAt && now < test.opensAt) return 'notYet';
  if (test.closesAt && now >= test.closesAt) return 'closed';
  if (attemptsLeft(test, attempts) === 0) return 'noneLeft';
  const from = nextAttemptAt(test, attempts);
  return from !== null && now < from ? 'delayed' : 'ready';
}

/** From when the next attempt may be started; null: at once. */
export function nextAttemptAt(
  { delayMinutes = 0 }: Partial<Pick<Test, 'delayMinutes'>>,
  attempts: readonly Partial<Pick<Attempt, 'finishedAt'>>[],
): Date | null {
  const ends = attempts.flatMap(({ finishedAt }) => (finishedAt ? [finishedAt.getTime()] : []));
  if (delayMinutes === 0 || ends.length === 0) return null;
  return new Date(Math.max(...ends) + delayMinutes * MINUTE);
}

/** How many more attempts may be started; null: any number. */
export const attemptsLeft = (
  { attemptsAllowed }: Pick<Test, 'attemptsAllowed'>,
  attempts: readonly unknown[],
): number | null => (attemptsAllowed === 0 ? null : Math.max(0, attemptsAllowed - attempts.length));
