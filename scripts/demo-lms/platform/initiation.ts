import { DomainError } from '../../../src/shared/errors.js';
import type { Lms } from '../lms.js';
import type { Activity, Tool } from '../model.js';
import type { Message, PendingLaunch } from '../sessions.js';
import { targetOf } from './claims.js';

/** A third-party initiated login (OIDC core 4; LTI 1.3 security framework 5.1.1.1), as a form to post. */
export interface Initiation {
  readonly action: string;
  readonly method: 'post';
  readonly fields: Readonly<Record<string, string>>;
}

function activeTool(lms: Lms, toolId: string): Tool {
  const tool = lms.state.tool(toolId);
  if (tool === undefined) throw new DomainError('tool-not-found', 404);
  if (tool.state !== 'active') throw new DomainError('tool-pending', 403);
  return tool;
}

const padding = (lms: Lms): string => (lms.oddities.has('long-hint') ? 'x'.repeat(20 * 1024) : '');

function initiation(lms: Lms, tool: Tool, launch: PendingLaunch): Initiation {
  const blank = lms.oddities.has('blank-client-id');
  return {
    action: tool.loginUrl,
    method: 'post',
    fields: {
      iss: lms.origin(),
      target_link_uri: targetOf(lms, tool, launch.message),
      login_hint: launch.personId,
      lti_message_hint: launch.hint,
      client_id: blank ? '' : tool.clientId,
      lti_deployment_id: blank ? '' : tool.deploymentId,
      ...(lms.storageTarget !== null && { lti_storage_target: lms.storageTarget }),
    },
  };
}

function enterableActivity(lms: Lms, personId: string, activityId: string): Activity {
  const activity = lms.state.activity(activityId);
  if (activity === undefined) throw new DomainError('activity-not-found', 404);
  if (!lms.state.mayEnter(activity.courseId, personId)) throw new DomainError('not-in-course', 403);
  return activity;
}

function ofActivity(lms: Lms, personId: string, activity: Activity, message: Message): Initiation {
  const tool = activeTool(lms, activity.toolId);
  const launch = lms.launches.begin(
    { personId, toolId: tool.id, message },
    activity.cmid,
    activity.id,
    padding(lms),
  );
  return initiation(lms, tool, launch);
}

/**
 * Begins the launch of a resource link.
 * @throws DomainError 404 no such link or tool, 403 not in its course or the tool is pending
 */
export function initiateLink(
  lms: Lms,
  personId: string,
  activityId: string,
  target: 'iframe' | 'window' = 'iframe',
): Initiation {
  const activity = enterableActivity(lms, personId, activityId);
  return ofActivity(lms, personId, activity, { type: 'LtiResourceLinkRequest', activityId, target });
}

/**
 * Begins a Submission Review of a student's work, for those who grade, or for the student.
 * @throws DomainError as for {@link initiateLink}
 */
export function initiateReview(
  lms: Lms,
  personId: string,
  activityId: string,
  studentId: string,
  target: 'iframe' | 'window' = 'iframe',
): Initiation {
  const activity = enterableActivity(lms, personId, activityId);
  const own = personId === studentId && lms.state.isGradable(activity.courseId, personId);
  if (!own && !lms.state.mayGrade(activity.courseId, personId)) throw new DomainError('not-a-grader', 403);
  if (lms.state.person(studentId) === undefined) throw new DomainError('person-not-found', 404);
  return ofActivity(lms, personId, activity, {
    type: 'LtiSubmissionReviewRequest',
    activityId,
    studentId,
    target,
  });
}

/**
 * Begins Deep Linking, for those who may edit the course.
 * @throws DomainError 404 no such course or tool, 403 may not edit, the tool is pending or does not offer it
 */
export function initiateSelection(
  lms: Lms,
  personId: string,
  courseId: string,
  toolId: string,
  preset: { title?: string; text?: string } = {},
): Initiation {
  if (lms.state.course(courseId) === undefined) throw new DomainError('course-not-found', 404);
  if (!lms.state.mayEdit(courseId, personId)) throw new DomainError('not-an-editor', 403);
  const tool = activeTool(lms, toolId);
  if (tool.deepLinkingUrl === '') throw new DomainError('no-deep-linking', 403);
  const returnKey = lms.launches.beginSelection({ personId, courseId, toolId });
  const message: Message = {
    type: 'LtiDeepLinkingRequest',
    courseId,
    title: preset.title ?? '',
    text: preset.text ?? '',
    returnKey,
  };
  const launch = lms.launches.begin(
    { personId, toolId, message },
    null,
    '_ContentItemSelectionRequest',
    padding(lms),
  );
  return initiation(lms, tool, launch);
}
