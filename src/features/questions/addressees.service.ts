import type { Actor } from '../../shared/actor.js';
import { HOUR } from '../../shared/clock.js';
import { atLeast } from '../../shared/roles.js';
import type { ConsultationsFeature } from '../consultations/index.js';
import type { Organisation } from '../directory/index.js';
import type { MembershipFeature } from '../membership/index.js';
import { owingTeacher, type Named, type Question } from './question.js';
import { mayAsk, type Reach } from './questions.policy.js';

/** A time at which a consultation about a question can be booked. */
export interface OfferedSlot {
  readonly slotId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly title: string;
}

export interface AddresseesDeps {
  readonly membership: Pick<MembershipFeature, 'people' | 'courses'>;
  readonly organisation: Pick<
    Organisation,
    'listAssociations' | 'listTeachers' | 'associationIdsOf' | 'dutiesOf'
  >;
  readonly consultations: Pick<ConsultationsFeature, 'nextFreeOf' | 'told'>;
}

/** Whom a student of a course can ask, and who answers. */
export interface Addressees {
  /** Those who teach the course. */
  teachersOf(courseId: string): Promise<readonly Named[]>;
  /** Associations that those who teach the course belong to. */
  associationsOfCourse(courseId: string): Promise<readonly { readonly id: string; readonly title: string }[]>;
  /** What the person answers for. */
  reachOf(personId: string): Promise<Reach>;
  /** Associations of a question: its own, those of its teacher, or those of all who teach the course. */
  associationsOf(question: Question): Promise<readonly string[]>;
  /** Those who answer a question: the teacher, the association's teachers, or all who teach the course. */
  answerersOf(question: Question): Promise<readonly string[]>;
  /** The next free times of those who answer, in the course; none for others than the student who asks. */
  slotsFor(actor: Actor, question: Question): Promise<readonly OfferedSlot[]>;
}

const OFFERED = 3;

/** A booking that began this long before may last still. */
const LOOKED_BACK_MS = 12 * HOUR;

export function createAddressees({ membership, organisation, consultations }: AddresseesDeps): Addressees {
  const teacherIdsOf = async (courseId: string): Promise<string[]> =>
    (await membership.courses.members(courseId))
      .filter(
        ({ role, leftAt }) => leftAt === null && atLeast(role, 'teacher') && !atLeast(role, 'methodist'),
      )
      .map(({ personId }) => personId);

  async function associationsOfCourse(courseId: string) {
    const [ids, teachers, all] = await Promise.all([
      teacherIdsOf(courseId),
      organisation.listTeachers(),
      organisation.listAssociations(),
    ]);
    const of = new Set(
      teachers
        .filter(({ personIds }) => personIds.some((id) => ids.includes(id)))
        .flatMap(({ associationIds }) => associationIds),
    );
    return all.filter(({ id }) => of.has(id));
  }

  return {
    associationsOfCourse,
    teachersOf: async (courseId) => membership.people.findMany(await teacherIdsOf(courseId)),

    async reachOf(personId) {
      const [own, { associationIds: led, all }] = await Promise.all([
        organisation.associationIdsOf(personId),
        organisation.dutiesOf(personId),
      ]);
      const teachers = led.length === 0 ? [] : await organisation.listTeachers();
      return {
        associationIds: [...new Set([...own, ...led])],
        ledTeacherIds: teachers
          .filter(({ associationIds }) => associationIds.some((id) => led.includes(id)))
          .flatMap(({ personIds }) => personIds),
        deputy: all,
      };
    },

    async associationsOf({ to, takenBy, courseId }) {
      if (to.kind === 'association') return [to.id];
      const teacher = to.kind === 'teacher' ? to.id : takenBy;
      if (teacher !== '') return organisation.associationIdsOf(teacher);
      return (await associationsOfCourse(courseId)).map(({ id }) => id);
    },

    async answerersOf(question) {
      const { to, takenBy, courseId } = question;
      if (takenBy !== '') return [takenBy];
      if (to.kind === 'teacher') return [to.id];
      const ids = await teacherIdsOf(courseId);
      if (to.kind === 'course') return ids;
      const members = (await organisation.listTeachers())
        .filter(({ associationIds }) => associationIds.includes(to.id))
        .flatMap(({ personIds }) => personIds);
      return ids.filter((id) => members.includes(id));
    },

    async slotsFor(actor, question) {
      if (!mayAsk(actor) || question.slotId !== '') return [];
      const teacher = owingTeacher(question);
      const ids = teacher === '' ? await teacherIdsOf(actor.courseId) : [teacher];
      const free = (await consultations.nextFreeOf(ids, 20)).filter(
        ({ courseId }) => courseId === actor.courseId,
      );
      const [first, last] = [free[0], free.at(-1)];
      if (first === undefined || last === undefined) return [];
      // A time at which the student has another consultation would be refused.
      const booked = await consultations.told.bookedBy(
        actor.personId,
        new Date(first.startsAt.getTime() - LOOKED_BACK_MS),
        last.endsAt,
      );
      return free
        .filter((slot) => !booked.some((own) => own.startsAt < slot.endsAt && slot.startsAt < own.endsAt))
        .slice(0, OFFERED)
        .map(({ slotId, startsAt, endsAt, title }) => ({ slotId, startsAt, endsAt, title }));
    },
  };
}
