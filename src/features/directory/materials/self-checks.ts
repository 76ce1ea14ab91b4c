import type { Actor } from '../../../shared/actor.js';
import type { Page } from '../../../web/present.js';

/** A test that a material links for self-check. */
export interface TestRef {
  readonly courseId: string;
  readonly testId: string;
}

/** What was sent of a self-check: the seed of its order, and answers by the names of their fields. */
export interface SentSelfCheck {
  readonly seed: number;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** Tests that anyone may try without a grade; the feature of tests has them. Nothing of a try is stored. */
export interface SelfChecks {
  /** Tests of the actor's course that can be marked without a person. */
  listFor(actor: Actor): Promise<readonly { readonly id: string; readonly title: string }[]>;
  /** Null for a test that is gone, or has questions that a person must mark by now. */
  titleOf(ref: TestRef): Promise<string | null>;
  /** The questions; with answers, what is right. @throws DomainError `not-found` */
  page(ref: TestRef, sent: SentSelfCheck | null, leadBack: string): Promise<Page>;
}

/** An installation without tests. */
export const NO_SELF_CHECKS: SelfChecks = {
  listFor: () => Promise.resolve([]),
  titleOf: () => Promise.resolve(null),
  page: () => Promise.reject(new Error('there are no tests')),
};
