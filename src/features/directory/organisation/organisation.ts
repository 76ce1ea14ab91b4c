import type { PersonName } from '../../../shared/names.js';
import type { Post } from '../cards/card.js';
import type { BranchDetails, BranchKind } from './organisation.store.js';

/** A card that holds a post or heads something. */
export interface Holder {
  readonly cardId: string;
  readonly name: PersonName;
  /** Persons of registrations whose card it is; none for those without an account in an LMS. */
  readonly personIds: readonly string[];
  /** E-mail on the card, in lower case; ''. */
  readonly email: string;
}

/** A part of the centre with a head: it holds associations. */
export interface Department {
  readonly id: string;
  readonly title: string;
  /** Id of the head's card, or ''. */
  readonly headId: string;
  readonly associationIds: readonly string[];
  readonly version: number;
}

/** What the centre teaches under one title; courses belong to it. */
export interface Programme {
  readonly id: string;
  readonly title: string;
  readonly courseIds: readonly string[];
  readonly version: number;
}

/** A branch or an office of the centre. */
export interface Branch extends BranchDetails {
  readonly id: string;
  readonly kind: BranchKind;
  readonly title: string;
  /** Id of the head's card, or ''. */
  readonly headId: string;
  readonly version: number;
}

/** What a person answers for, whatever role an LMS sends. */
export interface Duties {
  /** The whole centre: director and deputies. */
  readonly all: boolean;
  /** Associations that the person heads, directly or as the head of a department. */
  readonly associationIds: readonly string[];
  readonly posts: readonly Post[];
}

export const NO_DUTIES: Duties = { all: false, associationIds: [], posts: [] };

export const hasDuties = ({ all, associationIds }: Duties): boolean => all || associationIds.length > 0;

/** Posts that answer for the whole centre. */
export const WHOLE_CENTRE: readonly Post[] = ['director', 'deputyStudy', 'deputyMethod'];
