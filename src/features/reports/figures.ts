import { roundedHours } from '../../shared/academic-hours.js';

/** Figures of one teacher, association, programme, course or month. */
export interface Figures {
  /** Consultations planned: held, cancelled and still to come. */
  readonly planned: number;
  /** Those at which a student was marked as present, as in the journal of consultations. */
  readonly held: number;
  readonly cancelled: number;
  /** Those that are over and had students, but whose attendance is not marked yet. */
  readonly unmarked: number;
  /** Of consultations held. */
  readonly academicHours: number;
  readonly bookings: number;
  /** Of bookings with a mark of attendance, the share of those who came; null where nothing is marked. */
  readonly attendance: number | null;
  readonly questions: number;
  readonly answered: number;
  /** Questions that wait beyond their deadline. */
  readonly overdue: number;
  /** Median of the working time to the first answer, in milliseconds. */
  readonly answerTime: number | null;
}

/** A consultation or a question, as it is counted. */
export type Fact =
  | {
      readonly kind: 'consultation';
      readonly courseId: string;
      readonly teacherId: string;
      readonly at: Date;
      /** Academic hours. */
      readonly hours: number;
      readonly over: boolean;
      readonly state: 'planned' | 'held' | 'missed' | 'cancelled';
      readonly booked: number;
      readonly marked: number;
      readonly attended: number;
    }
  | {
      readonly kind: 'question';
      readonly courseId: string;
      /** '' while it is for no teacher in particular. */
      readonly teacherId: string;
      /** Association that it is for; ''. */
      readonly associationId: string;
      readonly at: Date;
      readonly answered: boolean;
      readonly overdue: boolean;
      readonly answerTime: number | null;
    };

export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

const round = (value: number): number => Math.round(value * 10) / 10;

export function figuresOf(facts: readonly Fact[]): Figures {
  const consultations = facts.filter((fact) => fact.kind === 'consultation');
  const questions = facts.filter((fact) => fact.kind === 'question');
  const held = consultations.filter(({ state }) => state === 'held');
  const standing = consultations.filter(({ state }) => state !== 'cancelled');
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const marked = sum(consultations.map((fact) => fact.marked));
  return {
    planned: consultations.length,
    held: held.length,
    cancelled: consultations.length - standing.length,
    unmarked: standing.filter(({ state, over, booked }) => state === 'planned' && over && booked > 0).length,
    academicHours: roundedHours(sum(held.map(({ hours }) => hours))),
    bookings: sum(standing.map(({ booked }) => booked)),
    attendance: marked === 0 ? null : round((100 * sum(consultations.map((fact) => fact.attended))) / marked),
    questions: questions.length,
    answered: questions.filter(({ answered }) => answered).length,
    overdue: questions.filter(({ overdue }) => overdue).length,
    answerTime: medianOf(questions.flatMap(({ answerTime }) => answerTime ?? [])),
  };
}

/** Facts under the keys of each; a fact may stand under several, or under none. */
export function groupFacts(
  facts: readonly Fact[],
  keysOf: (fact: Fact) => readonly string[],
): Map<string, Fact[]> {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    for (const key of keysOf(fact)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [fact]);
      else group.push(fact);
    }
  }
  return groups;
}
