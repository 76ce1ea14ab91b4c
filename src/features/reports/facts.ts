import { academicHours } from '../../shared/academic-hours.js';
import type { Clock } from '../../shared/clock.js';
import type { ConsultationsFeature, ReportedSlot } from '../consultations/index.js';
import { isOverdue, type AskedQuestion, type QuestionsFeature } from '../questions/index.js';
import type { Fact } from './figures.js';

export interface FactsDeps {
  readonly consultations: Pick<ConsultationsFeature, 'reporting'>;
  readonly questions: Pick<QuestionsFeature, 'askedBetween' | 'countAskedBetween'>;
  /** Length of an academic hour in minutes. */
  readonly academicMinutes: () => Promise<number>;
  readonly clock: Clock;
}

const GROUP = 200;

/** Reads the consultations that begin, and the questions that are asked, in a period; up to 200 at a time. */
export async function* readFacts(deps: FactsDeps, from: Date, to: Date): AsyncGenerator<Fact[]> {
  const now = deps.clock.now();
  const minutes = await deps.academicMinutes();
  let group: Fact[] = [];
  for await (const fact of eachFact(deps, from, to, now, minutes)) {
    group.push(fact);
    if (group.length < GROUP) continue;
    yield group;
    group = [];
  }
  yield group;
}

async function* eachFact(
  { consultations, questions }: FactsDeps,
  from: Date,
  to: Date,
  now: Date,
  minutes: number,
): AsyncGenerator<Fact> {
  for await (const slot of consultations.reporting.slotsBetween(from, to)) yield ofSlot(slot, now, minutes);
  for await (const question of questions.askedBetween(from, to)) yield ofQuestion(question, now);
}

/** How many facts `readFacts` reads at most. */
export async function countFacts(
  { consultations, questions }: FactsDeps,
  from: Date,
  to: Date,
): Promise<number> {
  const [slots, asked] = await Promise.all([
    consultations.reporting.countSlotsBetween(from, to),
    questions.countAskedBetween(from, to),
  ]);
  return slots + asked;
}

const ofSlot = (slot: ReportedSlot, now: Date, minutes: number): Fact => ({
  kind: 'consultation',
  courseId: slot.courseId,
  teacherId: slot.teacherId,
  at: slot.startsAt,
  hours: academicHours(slot.startsAt, slot.endsAt, minutes),
  over: slot.endsAt <= now,
  state: slot.state,
  booked: slot.booked,
  marked: slot.marked,
  attended: slot.attended,
});

const ofQuestion = (question: AskedQuestion, now: Date): Fact => ({
  kind: 'question',
  courseId: question.courseId,
  teacherId: question.takenBy || (question.to.kind === 'teacher' ? question.to.id : ''),
  associationId: question.to.kind === 'association' ? question.to.id : '',
  at: question.askedAt,
  answered: question.answeredAt !== null,
  overdue: isOverdue(question, now),
  answerTime: question.answerTime,
});
