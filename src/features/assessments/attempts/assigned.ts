import { Recent } from '../../../shared/recent.js';
import { closeAtOf } from '../assessments.policy.js';
import type { QuestionsStore, QuestionVersion } from '../bank/questions.store.js';
import type { AttemptWithQuestions } from './attempt-questions.js';
import type { Attempt } from './attempt.js';

const MOST_VERSIONS = 2_000;

/** Versions of questions never change: those that attempts are given are read once by each process. */
export function cachedVersions(questions: Pick<QuestionsStore, 'versions'>): QuestionsStore['versions'] {
  const known = new Recent<QuestionVersion>(MOST_VERSIONS);
  return async (courseId, ids) => {
    const found = ids.flatMap((id) => known.get(id) ?? []).filter((version) => version.courseId === courseId);
    if (found.length === new Set(ids).size) return found;
    const read = await questions.versions(courseId, ids);
    for (const version of read) known.set(version.id, version);
    return read;
  };
}

/** What an attempt was assigned at its start, which never changes, and its end. */
export interface Assigned extends Pick<
  Attempt,
  'id' | 'courseId' | 'testId' | 'personId' | 'questions' | 'certainty'
> {
  readonly versions: readonly QuestionVersion[];
  /** When it is closed, as last known: a save asks whether that is still so. Null: never. */
  readonly endsAt: Date | null;
}

const MOST_ATTEMPTS = 1_000;
/** A test may become sequential or bound to networks meanwhile: then each save looks at its page and address. */
const KEPT_MS = 60_000;

/** Attempts in which answers are being saved, so that a save need not read what it was assigned. */
export interface AssignedAttempts {
  get(id: string, now: Date): Assigned | undefined;
  keep(paper: AttemptWithQuestions, now: Date): void;
}

export function createAssignedAttempts(): AssignedAttempts {
  const kept = new Recent<{ readonly assigned: Assigned; readonly until: number }>(MOST_ATTEMPTS);
  return {
    get(id, now) {
      const found = kept.get(id);
      return found !== undefined && now.getTime() < found.until ? found.assigned : undefined;
    },
    keep({ attempt, versions, test, deadline }, now) {
      if (test.sequential || test.networks.length > 0) return;
      const { id, courseId, testId, personId, questions } = attempt;
      kept.set(id, {
        assigned: {
          ...{ id, courseId, testId, personId, questions, versions, endsAt: closeAtOf(deadline) },
          ...(attempt.certainty && { certainty: true as const }),
        },
        until: now.getTime() + KEPT_MS,
      });
    },
  };
}
