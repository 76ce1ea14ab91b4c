import type { Actor } from '../../shared/actor.js';
import { atLeast } from '../../shared/roles.js';
import { VISIBILITIES, type Card, type CardContent, type DetailKind, type Visibility } from './cards/card.js';

/** Who acts on cards: a person of a course, or an administrator at /admin. */
export type CardActor = Pick<Actor, 'personId' | 'role' | 'centreRole' | 'name'>;

/** Who reads: anyone on the web, a student of some course, or one who works at the centre. */
export type Reader = 'anyone' | 'student' | 'staff';

export function readerOf(actor: CardActor | undefined): Reader {
  if (actor === undefined) return 'anyone';
  return atLeast(actor.role, 'assistant') ? 'staff' : 'student';
}

const MAY_SEE: Record<Reader, readonly Visibility[]> = {
  anyone: ['public'],
  student: ['public', 'students'],
  staff: VISIBILITIES,
};

/** The visibilities that the reader sees. */
export const visibleTo = (reader: Reader): readonly Visibility[] => MAY_SEE[reader];

export const seesCard = (reader: Reader, card: Pick<CardContent, 'visibility'>): boolean =>
  MAY_SEE[reader].includes(card.visibility);

/** A detail is seen by those who see both it and its card. */
export const seesDetail = (reader: Reader, card: CardContent, kind: DetailKind): boolean =>
  seesCard(reader, card) && MAY_SEE[reader].includes(card.details[kind].visibility);

/**
 * Makes and removes cards and associations, edits all of them, names the responsible persons. The directory is the whole
 * centre's, so that a role in one course does not suffice.
 */
export const mayManage = (actor: CardActor): boolean => actor.centreRole !== undefined;

export const isOwn = (actor: CardActor, card: Pick<Card, 'personIds'>): boolean =>
  card.personIds.includes(actor.personId);

export const mayHaveCard = (actor: CardActor): boolean => atLeast(actor.role, 'teacher');

/**
 * The person, the head of one of the person's associations, and those who manage all cards.
 * @param led ids of the associations that the actor heads
 */
export const mayEdit = (
  actor: CardActor,
  card: Pick<Card, 'personIds' | 'associationIds'>,
  led: readonly string[] = [],
): boolean =>
  mayManage(actor) ||
  (mayHaveCard(actor) && (isOwn(actor, card) || card.associationIds.some((id) => led.includes(id))));
