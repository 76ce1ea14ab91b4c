import type { Actor } from '../../../shared/actor.js';
import { atLeast } from '../../../shared/roles.js';
import type { Course, CoursesStore } from '../../membership/index.js';
import type { Arrival } from './course-copy.sources.js';

/** Who may copy what one course holds into another. */
export interface CopyPolicy {
  /** Returns true for an administrator, and for a person who teaches in both courses. */
  mayConfirm(actor: Actor, home: string): Promise<boolean>;
  /**
   * Returns true if a copy would show the person the answers to what they are asked in the source: they learn there and
   * teach here, also if this launch is one as a student.
   */
  wouldSeeAnswers(arrival: Arrival, source: Course): Promise<boolean>;
}

export function createCopyPolicy(courses: Pick<CoursesStore, 'membership'>): CopyPolicy {
  /** Returns true for a person who is recorded as a teacher of the course now, whatever the role of this launch. */
  const teachesIn = async (personId: string, courseId: string): Promise<boolean> => {
    const membership = await courses.membership(courseId, personId);
    if (membership?.leftAt !== null) return false;
    return atLeast(membership.role, 'teacher') || atLeast(membership.rosterRole ?? 'student', 'teacher');
  };

  async function wouldSeeAnswers({ personId, teaches, course }: Arrival, source: Course): Promise<boolean> {
    const there = await courses.membership(source.id, personId);
    if (there?.role !== 'student' || there.onTrial) return false;
    const here = await courses.membership(course.id, personId);
    return teaches || here?.onTrial === true || teachesIn(personId, course.id);
  }

  const mayConfirm = async (actor: Actor, home: string): Promise<boolean> =>
    actor.centreRole === 'administrator' ||
    ((await teachesIn(actor.personId, home)) && (await teachesIn(actor.personId, actor.courseId)));

  return { mayConfirm, wouldSeeAnswers };
}
