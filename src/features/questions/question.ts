import type { PersonName } from '../../shared/names.js';

/**
 * `new`: nobody has begun; `taken`: a teacher answers it; `answered`; `reopened`: the student has asked on;
 * `closed`: takes no more messages.
 */
export const STATES = ['new', 'taken', 'answered', 'reopened', 'closed'] as const;
export type QuestionState = (typeof STATES)[number];

/** States in which the student waits for the centre. */
export const WAITING: readonly QuestionState[] = ['new', 'taken', 'reopened'];

/** Whom a question is for. `course`: those who teach the course. */
export interface Addressee {
  readonly kind: 'course' | 'teacher' | 'association';
  /** Person id or association id; '' for the course. */
  readonly id: string;
}

export interface Message {
  readonly id: string;
  /** Person id; '' after an erasure. */
  readonly authorId: string;
  /** Of a responsible person who answers from outside the course; absent for others, whose names are asked. */
  readonly authorName?: string;
  readonly side: 'student' | 'staff';
  readonly text: string;
  /** Ids of files (infra/files). */
  readonly files: readonly string[];
  readonly at: Date;
}

/** A question in deferred form: a thread between a student and the centre. */
export interface Question {
  readonly id: string;
  readonly courseId: string;
  /** Person id. */
  readonly studentId: string;
  readonly to: Addressee;
  /** The beginning of the first message. */
  readonly subject: string;
  readonly state: QuestionState;
  /** Person id of the teacher who answers; '' before. */
  readonly takenBy: string;
  readonly messages: readonly Message[];
  readonly askedAt: Date;
  /** Since when the centre owes an answer; null when it owes none. */
  readonly waitingSince: Date | null;
  readonly dueAt: Date | null;
  /** 0: not escalated; 1: to the head of the association; 2: to the deputies. */
  readonly escalation: 0 | 1 | 2;
  /** When the next step of escalation is due; null when none is. */
  readonly escalateAt: Date | null;
  /** Of the first answer. */
  readonly answeredAt: Date | null;
  /** Working time from the question to its first answer, in milliseconds. */
  readonly answerTime: number | null;
  readonly lastAt: Date;
  /** The student lets the centre publish it without the name. */
  readonly consent: boolean;
  /** Slot of the consultation that came of it; ''. */
  readonly slotId: string;
  /** Persons who have seen the last message. */
  readonly readBy: readonly string[];
  readonly version: number;
}

/** What reports count of a question. */
export const ASKED_FIELDS = [
  'courseId',
  'studentId',
  'to',
  'takenBy',
  'askedAt',
  'answeredAt',
  'answerTime',
  'dueAt',
] as const;
export type AskedQuestion = Pick<Question, (typeof ASKED_FIELDS)[number]>;

/** Person id of the teacher who owes the answer; '' where it is owed by several. */
export const owingTeacher = ({ to, takenBy }: Pick<Question, 'to' | 'takenBy'>): string =>
  takenBy || (to.kind === 'teacher' ? to.id : '');

export const isOverdue = ({ dueAt }: Pick<Question, 'dueAt'>, now: Date): boolean =>
  dueAt !== null && dueAt < now;

/** A person as pages show them. */
export interface Named {
  readonly id: string;
  readonly name: PersonName;
}

const SUBJECT = 110;

/** Returns the first line of a text, shortened at a word, and not within a formula. */
export function subjectOf(text: string): string {
  const line = (text.split('\n').find((part) => part.trim() !== '') ?? '').trim();
  if (line.length <= SUBJECT) return line;
  const cut = line.slice(0, SUBJECT);
  const whole = cut.slice(0, Math.max(cut.lastIndexOf(' '), SUBJECT / 2));
  const signs = whole.split('$').length - 1;
  return `${(signs % 2 === 1 ? whole.slice(0, whole.lastIndexOf('$')) : whole).trimEnd()}…`;
}
