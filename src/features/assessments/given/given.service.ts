import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { DomainError, notFound } from '../../../shared/errors.js';
import type { PersonName } from '../../../shared/names.js';
import { byPerson } from '../attempts/attempt.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import { rounded } from '../marking/grading.js';
import { markOf } from '../marking/mark.js';
import type { ResultsService } from '../results/results.service.js';
import type { Test } from '../tests/tests.store.js';

/** A mark by other means than questions: an oral answer, another service. */
export interface GivenRow {
  readonly personId: string;
  readonly name: PersonName;
  /** Null where none was given. */
  readonly points: number | null;
  readonly why: string;
  readonly givenAt: Date | null;
  /** 0: none was given. */
  readonly version: number;
}

export interface NewGiven {
  readonly personId: string;
  readonly points: number;
  readonly why: string;
  /** Of the mark that was seen. */
  readonly version: number;
}

export interface GivenService {
  /** @param look whether the person sees the list; it does not count as seen while marks are only checked */
  list(
    actor: Actor,
    testId: string,
    look?: { readonly seen: boolean },
  ): Promise<{ test: Test; maximum: number; rows: GivenRow[] }>;
  /**
   * Gives or changes marks.
   * @throws DomainError `bad-input` on `points-<person>` for more than the maximum; `mark-changed` (409) on it if
   *   another person has given the mark since: the others are given
   */
  give(actor: Actor, testId: string, marks: readonly NewGiven[]): Promise<void>;
}

interface Deps {
  readonly results: Pick<ResultsService, 'ofTest'>;
  readonly attempts: AttemptsStore;
  readonly clock: Clock;
}

export function createGivenService({ results, attempts, clock }: Deps): GivenService {
  async function list(actor: Actor, testId: string, look = { seen: true }) {
    const { test, students } = await results.ofTest(actor, testId, look);
    if (test.givenMaximum === undefined) throw notFound();
    const own = byPerson(await attempts.ofTest(actor.courseId, testId));
    const rows = students.map(({ personId, name }): GivenRow => {
      const attempt = own.get(personId)?.at(-1);
      const mark = attempt?.marks[0];
      return {
        personId,
        name,
        points: attempt?.score ?? null,
        why: mark?.why ?? '',
        givenAt: mark?.at ?? null,
        version: attempt?.markVersion ?? 0,
      };
    });
    return { test, maximum: test.givenMaximum, rows };
  }

  return {
    list,

    async give(actor, testId, marks) {
      const { maximum, rows } = await list(actor, testId, { seen: false });
      const known = new Set(rows.map(({ personId }) => personId));
      if (marks.some(({ personId }) => !known.has(personId))) throw notFound();
      const over = marks.filter(({ points }) => points > maximum || points < 0);
      if (over.length > 0) throw new DomainError('bad-input', 400, { fields: faults(over, 'overMaximum') });
      const now = clock.now();
      const late: NewGiven[] = [];
      for (const mark of marks) {
        const given = markOf(mark.points / maximum, maximum, {
          by: 'hand',
          personId: actor.personId,
          at: now,
          why: mark.why,
        });
        const of = {
          courseId: actor.courseId,
          testId,
          personId: mark.personId,
          maximum,
          score: rounded(mark.points),
        };
        if (!(await attempts.give(of, given, mark.version, now))) late.push(mark);
      }
      if (late.length > 0)
        throw new DomainError('mark-changed', 409, { fields: faults(late, 'markChanged') });
    },
  };
}

const faults = (marks: readonly NewGiven[], what: string): Record<string, string> =>
  Object.fromEntries(marks.map(({ personId }) => [`points-${personId}`, `errors.field.${what}`]));
