import { FINISHED_STATES, OPEN_STATES, type AttemptState } from './attempt-states.fields.js';
import type { Certainty } from '../marking/certainty.js';
import type { Mark, MarkChange } from '../marking/mark.js';
import type { Response } from '../types/index.js';

export type { AttemptState } from './attempt-states.fields.js';

/** A question as an attempt was given it: fixed, also if the test changes later. */
export interface AttemptQuestion {
  /** Id of the question's version. */
  readonly versionId: string;
  readonly key: string;
  /** Points in this attempt. */
  readonly mark: number;
  /** What the type has assigned: for each place shown, which part of the question stands there, or numbers drawn. */
  readonly order: readonly number[];
  /** Title of its section; absent: none. */
  readonly section?: string;
}

export interface Answer {
  readonly response: Response | null;
  /** Rises with every save; 0: never saved. */
  readonly revision: number;
  /** Made up by who saved it: the same save sent twice is one save. */
  readonly saveId: string;
  readonly savedAt: Date | null;
  /** How many hints were taken; absent: none. */
  readonly hints?: number;
  /** How many tries were checked and were not right; absent: none. */
  readonly tries?: number;
  /** Revision that the last of them had. */
  readonly triedRevision?: number;
  /** How sure the student is, where the attempt asks for it; absent: not said. */
  readonly certainty?: Certainty;
  /** Checked while the attempt went on: it is not changed any more. */
  readonly checked?: true;
}

/** `time`: closed by the server, for the time was over. `teacher`: a mark that was given without an attempt. */
export type FinishedBy = 'student' | 'time' | 'teacher';

/** `left`, `back`: the page lost and got the focus. `pasted`: a text was pasted. `seen`: from another address or browser. */
export interface LogEntry {
  readonly at: Date;
  readonly kind: 'left' | 'back' | 'pasted' | 'seen';
  /** Of the question, from 1; address and browser of `seen`. */
  readonly what: string;
}

/** One try of one student at one test. */
export interface Attempt {
  readonly id: string;
  readonly courseId: string;
  readonly testId: string;
  readonly personId: string;
  /** 1, 2, 3 … for this student and test. */
  readonly number: number;
  readonly state: AttemptState;
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
  /** Rises with every change of any mark. */
  readonly markVersion: number;
  /** Marks that replaced others, oldest first; absent: none. */
  readonly markChanges?: readonly MarkChange[];
  /** The page that a sequential test has come to; absent: the first. */
  readonly page?: number;
  /** What the browser told of, oldest first: information, never a verdict. Absent: nothing. */
  readonly log?: readonly LogEntry[];
  readonly score: number;
  readonly maximum: number;
  /** Set where the test asked for certainty when the attempt started. */
  readonly certainty?: true;
  /** Set for a person who teaches here and has launched as a student: it stands outside statistics and gradebook. */
  readonly onTrial?: true;
  /** Set when a teacher has removed it: it counts no more, and the record stays with the reason. */
  readonly removed?: Removal;
}

/** An attempt without its questions, responses and marks: all that lists show. */
export type AttemptSummary = Omit<Attempt, 'questions' | 'answers' | 'marks' | 'markChanges'>;

/** More attempts of one person at one test are not begun, also where their number is free. */
export const MOST_ATTEMPTS = 100;

/** Who removed an attempt, when and why. */
export interface Removal {
  readonly at: Date;
  /** Person id; '' of an erased person. */
  readonly by: string;
  readonly why: string;
}

/** Returns true for an attempt that makes grades and statistics. */
export const isCounted = ({ onTrial, removed }: Pick<Attempt, 'onTrial' | 'removed'>): boolean =>
  onTrial !== true && removed === undefined;

export interface FinishedAttempt extends Attempt {
  readonly state: (typeof FINISHED_STATES)[number];
  readonly finishedAt: Date;
}

const oneOf = (states: readonly AttemptState[], { state }: Pick<Attempt, 'state'>): boolean =>
  states.includes(state);

export const isOpen = (attempt: Pick<Attempt, 'state'>): boolean => oneOf(OPEN_STATES, attempt);

/** Handed in; some of its marks may wait for a person. */
export const isFinished = <Item extends AttemptSummary>(
  attempt: Item,
): attempt is Item & Pick<FinishedAttempt, 'state' | 'finishedAt'> =>
  oneOf(FINISHED_STATES, attempt) && attempt.finishedAt !== null;

/** Each student's attempts, in the order they stand in. */
export function byPerson<Item extends AttemptSummary>(attempts: readonly Item[]): Map<string, Item[]> {
  const own = new Map<string, Item[]>();
  for (const attempt of attempts) {
    const list = own.get(attempt.personId);
    if (list) list.push(attempt);
    else own.set(attempt.personId, [attempt]);
  }
  return own;
}

/** What the finish of an attempt decides, all at once. */
export type Finish = Pick<FinishedAttempt, 'state' | 'finishedAt' | 'marks' | 'score' | 'maximum'> & {
  readonly finishedBy: FinishedBy;
};

/** What a change of marks decides, all at once. */
export type Marking = Pick<FinishedAttempt, 'state' | 'marks' | 'score' | 'maximum' | 'questions'>;
