import type { Course, CoursesStore } from '../../membership/index.js';
import type { OriginsStore } from './course-copy-sources.store.js';

/** What a launch knows. */
export interface Arrival {
  readonly course: Course;
  readonly personId: string;
  readonly teaches: boolean;
  /** `$Context.id.history` where it is the platform's word. */
  readonly history: string | undefined;
}

const MOST_ORIGINS = 50;

/** A variable that the platform does not know arrives as it was written. */
const contextsIn = (history: string | undefined): string[] =>
  history === undefined || history.includes('$')
    ? []
    : history
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '' && item.length <= 255)
        .slice(0, MOST_ORIGINS);

/** Finds the courses of the same deployment that the launched course comes from, the nearest first. */
export type CopySources = (arrival: Pick<Arrival, 'course' | 'history'>) => Promise<Course[]>;

export function createCopySources(
  courses: Pick<CoursesStore, 'findOptional' | 'findOptionalByContext'>,
  origins: Pick<OriginsStore, 'of'>,
): CopySources {
  return async ({ course, history }) => {
    const told = await origins.of(course);
    const contexts = new Set([...contextsIn(history), ...told.contexts]);
    contexts.delete(course.contextId);
    const { registrationId, deploymentId } = course;
    const found = await Promise.all(
      [...contexts].map((contextId) =>
        courses.findOptionalByContext({ registrationId, deploymentId, contextId }),
      ),
    );
    const confirmed = await Promise.all(told.courses.map((id) => courses.findOptional(id)));
    return [...found, ...confirmed].filter((item) => item !== null);
  };
}
