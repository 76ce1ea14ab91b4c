import { academicHours } from '../../shared/academic-hours.js';
import type { Clock } from '../../shared/clock.js';
import type { ConsultationsFeature } from '../consultations/index.js';
import { isOverdue, type QuestionsFeature } from '../questions/index.js';
import type { Fact } from './figures.js';

export interface FactsDeps {
  readonly consultations: Pick<ConsultationsFeature, 'reporting'>;
  readonly questions: Pick<QuestionsFeature, 'askedBetween'>;
  /** Length of an academic hour in minutes. */
  readonly academicMinutes: () => Promise<number>;
  readonly clock: Clock;
}

/** Reads the consultations that begin, and the questions that are asked, in a period. */
export async function readFacts(deps: FactsDeps, from: Date, to: Date): Promise<Fact[]> {
  const now = deps.clock.now();
  const minutes = await deps.academicMinutes();
  const facts: Fact[] = [];
  for await (const slot of deps.consultations.reporting.slotsBetween(from, to)) {
    facts.push({
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
  }
  for await (const question of deps.questions.askedBetween(from, to)) {
    const { to: addressee, takenBy } = question;
    facts.push({
      kind: 'question',
      courseId: question.courseId,
      teacherId: takenBy || (addressee.kind === 'teacher' ? addressee.id : ''),
      associationId: addressee.kind === 'association' ? addressee.id : '',
      at: question.askedAt,
      answered: question.answeredAt !== null,
      overdue: isOverdue(question, now),
      answerTime: question.answerTime,
    });
  }
  return facts;
}
