import type { Mark } from '../marking/grading.js';
import type { Response } from '../types/index.js';

/** A question as an attempt was given it: fixed, also if the test changes later. */
export interface AttemptQuestion {
  /** Id of the question's version. */
  readonly versionId: string;
  readonly key: string;
  /** Points in this attempt. */
  readonly mark: number;
  /** For each place shown, which part of the question stands there. */
  readonly order: readonly number[];
}

export interface Answer {
  readonly response: Response | null;
  /** Rises with every save; 0: never saved. */
  readonly revision: number;
  /** Made up by who saved it: the same save sent twice is one save. */
  readonly saveId: string;
  readonly savedAt: Date | null;
}

/** `time`: closed by the server, for the time was over. */
export type FinishedBy = 'student' | 'time';

/** One try of one student at one test. */
export interface Attempt {
  readonly id: string;
  readonly courseId: string;
  readonly testId: string;
  readonly personId: string;
  /** 1, 2, 3 … for this student and test. */
  readonly number: number;
  readonly state: 'open' | 'finished';
  readonly startedAt: Date;
  readonly questions: readonly AttemptQuestion[];
  /** One for each question. */
  readonly answers: readonly Answer[];
  /** Rises with every save of any answer. */
  readonly revision: number;
  readonly finishedAt: Date | null;
  readonly finishedBy: FinishedBy | null;
  /** One for each question; empty while open. */
  readonly marks: readonly Mark[];
  readonly score: number;
  readonly maximum: number;
}

export interface FinishedAttempt extends Attempt {
  readonly state: 'finished';
  readonly finishedAt: Date;
}

export const isFinished = (attempt: Attempt): attempt is FinishedAttempt =>
  attempt.state === 'finished' && attempt.finishedAt !== null;

/** Each student's attempts, in the order they stand in. */
export function byPerson(attempts: readonly Attempt[]): Map<string, Attempt[]> {
  const own = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const list = own.get(attempt.personId);
    if (list) list.push(attempt);
    else own.set(attempt.personId, [attempt]);
  }
  return own;
}

/** What the finish of an attempt decides, all at once. */
export type Finish = Pick<FinishedAttempt, 'finishedAt' | 'marks' | 'score'> & {
  readonly finishedBy: FinishedBy;
};
