import type { Activity, Course, Tool } from '../model.js';
import type { LmsState } from '../state.js';
import { addColumn } from './gradebook.js';

/** A link to be put into a course. */
export interface NewActivity {
  readonly title: string;
  readonly text?: string;
  readonly url?: string;
  readonly iconUrl?: string;
  /** Lines `key=value`. */
  readonly custom?: string;
  readonly home?: boolean;
  readonly submissionReview?: { readonly url: string; readonly custom: string };
  /** The gradebook column to make with it. */
  readonly column?: {
    readonly label?: string;
    readonly scoreMaximum: number;
    readonly resourceId?: string;
    readonly tag?: string;
  };
}

const DEFAULT_MAXIMUM = 100;

/** Adds a link, and its own column when it asks for one or the tool's links always have one. */
export function addActivity(state: LmsState, tool: Tool, courseId: string, wanted: NewActivity): Activity {
  const activity: Activity = {
    id: state.next('activity'),
    cmid: state.next('cmid'),
    courseId,
    toolId: tool.id,
    title: wanted.title,
    text: wanted.text ?? '',
    url: wanted.url ?? '',
    iconUrl: wanted.iconUrl ?? '',
    custom: wanted.custom ?? '',
    home: wanted.home ?? false,
    submissionReview: { url: '', custom: '', ...wanted.submissionReview },
  };
  state.data.activities.push(activity);
  if (wanted.column !== undefined || (tool.acceptGrades === 'always' && !activity.home)) {
    addColumn(state, {
      courseId,
      toolId: tool.id,
      activityId: activity.id,
      own: true,
      // Moodle names an activity's own column after the activity.
      label: activity.title,
      scoreMaximum: wanted.column?.scoreMaximum ?? DEFAULT_MAXIMUM,
      resourceId: wanted.column?.resourceId ?? '',
      tag: wanted.column?.tag ?? '',
    });
  }
  return activity;
}

/** Every course gets one plain link to an active tool: its front door in the course. */
export function ensureHomeLinks(state: LmsState, tool: Tool): void {
  for (const course of state.data.courses) {
    const has = state
      .activitiesOf(course.id)
      .some((activity) => activity.toolId === tool.id && activity.home);
    if (!has) addActivity(state, tool, course.id, { title: tool.name, text: tool.description, home: true });
  }
}

/**
 * Copies a course as a new one: links with their custom parameters, columns without grades, staff, groups
 * only together with students.
 */
export function copyCourse(
  state: LmsState,
  source: Course,
  options: { title?: string; label?: string; withStudents?: boolean; now: Date },
): Course {
  const withStudents = options.withStudents ?? false;
  const copy: Course = {
    id: state.next('course'),
    label: options.label ?? `${source.label} (копия)`,
    title: options.title ?? `${source.title} (копия)`,
    idNumber: '',
    startsAt: options.now.toISOString(),
    history: [source.id, ...source.history],
  };
  const { data } = state;
  data.courses.push(copy);
  data.enrolments.push(
    ...data.enrolments
      .filter((enrolment) => enrolment.courseId === source.id)
      .filter((enrolment) => withStudents || enrolment.role !== 'student')
      .map((enrolment) => ({ ...enrolment, courseId: copy.id })),
  );
  if (withStudents) {
    for (const group of state.groupsIn(source.id)) {
      const own = { id: state.next('group'), courseId: copy.id, memberIds: [...group.memberIds] };
      data.groups.push({ ...group, ...own });
    }
  }
  const links = new Map<string, string>();
  for (const activity of state.activitiesOf(source.id)) {
    const copied: Activity = {
      ...activity,
      submissionReview: { ...activity.submissionReview },
      id: state.next('activity'),
      cmid: state.next('cmid'),
      courseId: copy.id,
    };
    links.set(activity.id, copied.id);
    data.activities.push(copied);
  }
  for (const column of state.columnsOf(source.id)) {
    const activityId = column.activityId === null ? null : (links.get(column.activityId) ?? null);
    addColumn(state, { ...column, courseId: copy.id, activityId });
  }
  return copy;
}
