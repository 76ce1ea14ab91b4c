import type { Actor } from '../../shared/actor.js';
import { atLeast } from '../../shared/roles.js';
import { NO_DUTIES, type Duties } from './organisation/organisation.js';
import {
  VISIBILITIES,
  type Association,
  type Card,
  type CardContent,
  type DetailKind,
  type Visibility,
} from './cards/card.js';

/** Who acts on cards: a person of a course, an administrator at /admin, or a responsible person at /staff. */
export interface CardActor extends Pick<Actor, 'personId' | 'role' | 'centreRole' | 'name'> {
  /** The card of a responsible person who has signed in without a course; a person of a course is known by the id. */
  readonly cardId?: string;
}

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

export const isOwn = (actor: CardActor, card: Pick<Card, 'id' | 'personIds'>): boolean =>
  card.personIds.includes(actor.personId) || card.id === actor.cardId;

export const mayHaveCard = (actor: CardActor): boolean => atLeast(actor.role, 'teacher');

/**
 * Edits a card: the person, those who answer for the centre or for one of the card's associations, whatever role the
 * LMS sends, and those who manage all cards.
 */
export const mayEdit = (
  actor: CardActor,
  card: Pick<Card, 'id' | 'personIds' | 'associationIds'>,
  duties: Duties = NO_DUTIES,
): boolean =>
  mayManage(actor) || (mayHaveCard(actor) && isOwn(actor, card)) || answersFor(duties, card.associationIds);

/** Edits what an association says of itself. Who heads it, `mayNameHead` decides. */
export const mayEditAssociation = (
  actor: CardActor,
  { id }: Pick<Association, 'id'>,
  duties: Duties,
): boolean => mayManage(actor) || answersFor(duties, [id]);

export const mayNameHead = (actor: CardActor, duties: Duties): boolean => mayManage(actor) || duties.all;

const answersFor = (duties: Duties, associationIds: readonly string[]): boolean =>
  duties.all || associationIds.some((id) => duties.associationIds.includes(id));
