import { createHash, randomInt } from 'node:crypto';
import { seconds } from '../clock.js';
import type { Lms } from '../lms.js';
import type { Activity, Course, Person, Tool } from '../model.js';
import type { Message, PendingLaunch } from '../sessions.js';
import { customClaim, fullName, type VariableScope } from './custom.js';
import { AGS_SCOPES, SCOPE } from './scopes.js';
import { PATHS, serviceUrls, type ServiceUrls } from './urls.js';

export const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
export const DL_CLAIM = 'https://purl.imsglobal.org/spec/lti-dl/claim';
const VOCABULARY = 'http://purl.imsglobal.org/vocab/lis/v2';

export type Claims = Record<string, unknown>;

/** An id_token lives this long. */
const LIFETIME_SECONDS = 60;

/** Roles at launch are full URIs. A teacher is an Instructor, with the right to edit or without. */
export function launchRoles(lms: Lms, courseId: string, personId: string): string[] {
  if (lms.state.isAdministrator(personId)) {
    return [
      `${VOCABULARY}/institution/person#Administrator`,
      `${VOCABULARY}/membership#Instructor`,
      `${VOCABULARY}/system/person#Administrator`,
    ];
  }
  return [`${VOCABULARY}/membership#${lms.state.mayGrade(courseId, personId) ? 'Instructor' : 'Learner'}`];
}

export const maySeeName = (tool: Tool, person: Person): boolean => tool.sendName && !person.private;
export const maySeeEmail = (tool: Tool, person: Person): boolean => tool.sendEmail && !person.private;

/** Where the browser is sent for this message; also what the login initiation announces. */
export function targetOf(lms: Lms, tool: Tool, message: Message): string {
  if (message.type === 'LtiDeepLinkingRequest') return tool.deepLinkingUrl;
  const activity = lms.state.activity(message.activityId);
  const ofLink = activity === undefined || activity.url === '' ? tool.targetLinkUrl : activity.url;
  if (message.type === 'LtiResourceLinkRequest') return ofLink;
  const ofReview = activity?.submissionReview.url ?? '';
  return ofReview === '' ? ofLink : ofReview;
}

function personClaims(tool: Tool, person: Person): Claims {
  const named = maySeeName(tool, person);
  return {
    ...(named && {
      given_name: person.givenName,
      family_name: person.familyName,
      name: fullName(person),
    }),
    [`${CLAIM}/ext`]: { ...(named && { user_username: person.username }), lms: 'moodle-2' },
    ...(maySeeEmail(tool, person) && { email: person.email }),
  };
}

function serviceClaims(tool: Tool, course: Course, urls: ServiceUrls, lineItem: string): Claims {
  const granted = AGS_SCOPES.filter((scope) => tool.scopes.includes(scope));
  return {
    ...(granted.length > 0 && {
      'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
        scope: granted,
        lineitems: urls.lineItems(course.id, tool.id),
        ...(lineItem !== '' && { lineitem: lineItem }),
      },
    }),
    ...(tool.scopes.includes(SCOPE.noticeHandlers) && {
      [`${CLAIM}/platformnotificationservice`]: {
        service_versions: ['1.0'],
        platform_notification_service_url: urls.noticeHandlers(tool.id),
        scope: [SCOPE.noticeHandlers],
        notice_types_supported: ['LtiHelloWorldNotice', 'LtiContextCopyNotice'],
      },
    }),
    ...(tool.scopes.includes(SCOPE.memberships) && {
      'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
        context_memberships_url: urls.memberships(course.id, tool.id),
        service_versions: ['1.0', '2.0'],
      },
    }),
    ...(tool.scopes.includes(SCOPE.groups) && {
      'https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice': {
        context_groups_url: urls.groups(course.id, tool.id),
        context_group_sets_url: urls.groupSets(course.id, tool.id),
        scope: [SCOPE.groups],
        service_versions: ['1.0'],
      },
    }),
  };
}

/** Parameters the platform adds on behalf of its services. */
function serviceCustom(tool: Tool, course: Course, activity: Activity | null, urls: ServiceUrls): Claims {
  return {
    ...(tool.scopes.includes(SCOPE.memberships) && {
      context_memberships_url: urls.memberships(course.id, tool.id),
    }),
    ...(tool.scopes.includes(SCOPE.toolSetting) && {
      system_setting_url: urls.systemSetting(tool.id),
      context_setting_url: urls.contextSetting(course.id, tool.id),
      ...(activity !== null && { link_setting_url: urls.linkSetting() }),
    }),
  };
}

function basicOutcome(lms: Lms, tool: Tool, activity: Activity, personId: string): Claims {
  const data = {
    instanceid: activity.id,
    userid: personId,
    typeid: tool.id,
    launchid: randomInt(1, 2_000_000_000),
  };
  const hash = createHash('sha256')
    .update(lms.state.data.guid + JSON.stringify(data))
    .digest('hex');
  return {
    'https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome': {
      lis_result_sourcedid: JSON.stringify({ data, hash }),
      lis_outcome_service_url: `${lms.origin()}${PATHS.basicOutcomes}`,
    },
  };
}

/** A key such as the platform puts into its return URLs; tools must not log it. */
const sessionKey = (hint: string): string =>
  createHash('sha256').update(hint).digest('base64url').slice(0, 10);

function presentationClaim(
  origin: string,
  launch: PendingLaunch,
  locale: string,
  activity: Activity | null,
): Claims {
  const { message } = launch;
  if (message.type === 'LtiDeepLinkingRequest' || activity === null) return { locale };
  const container = message.target === 'iframe' ? 3 : 4;
  return {
    locale,
    document_target: message.target,
    return_url: `${origin}${PATHS.back}?course=${activity.courseId}&launch_container=${container}&instanceid=${activity.id}&sesskey=${sessionKey(launch.hint)}`,
  };
}

/** What differs between the kinds of message. */
function messageClaims(origin: string, tool: Tool, message: Message): Claims {
  const type = { [`${CLAIM}/message_type`]: message.type };
  if (message.type === 'LtiResourceLinkRequest') return type;
  if (message.type === 'LtiSubmissionReviewRequest') {
    return { ...type, [`${CLAIM}/for_user`]: { user_id: message.studentId } };
  }
  return {
    ...type,
    [`${DL_CLAIM}/deep_linking_settings`]: {
      accept_types: ['ltiResourceLink'],
      accept_presentation_document_targets: ['frame', 'iframe', 'window'],
      accept_copy_advice: false,
      accept_multiple: true,
      accept_unsigned: false,
      auto_create: false,
      can_confirm: false,
      deep_link_return_url: `${origin}${PATHS.selected}?course=${message.courseId}&id=${tool.id}&sesskey=${message.returnKey}`,
      ...(message.title !== '' && { title: message.title }),
      ...(message.text !== '' && { text: message.text }),
    },
  };
}

function linkClaims(lms: Lms, tool: Tool, activity: Activity | null, personId: string): Claims {
  if (activity === null) return {};
  const graded = lms.state.columnsOfActivity(activity.id).some((column) => column.own);
  return {
    [`${CLAIM}/resource_link`]: { title: activity.title, description: activity.text, id: activity.id },
    ...(graded && basicOutcome(lms, tool, activity, personId)),
  };
}

/** The address of the link's column as a launch names it; '' where it names none. */
function namedLineItem({ state, oddities }: Lms, activity: Activity, tool: Tool, urls: ServiceUrls): string {
  if (oddities.has('names-removed-columns') && activity.removedColumnId !== undefined) {
    return urls.lineItem({ courseId: activity.courseId, id: activity.removedColumnId }, tool.id);
  }
  const column = state.soleColumn(activity.id);
  return column === undefined ? '' : urls.lineItem(column, tool.id);
}

/**
 * The claims of a launch as the recorded platform fills them.
 * @param asked `nonce` from the tool's authentication request; `language` in which the person reads the LMS
 */
export function launchClaims(
  lms: Lms,
  launch: PendingLaunch,
  tool: Tool,
  asked: { readonly nonce: string; readonly language: string },
): Claims {
  const { state } = lms;
  const { message } = launch;
  const selecting = message.type === 'LtiDeepLinkingRequest';
  const activity = selecting ? null : (state.activity(message.activityId) ?? null);
  const course = state.course(selecting ? message.courseId : (activity?.courseId ?? ''));
  const person = state.person(launch.personId);
  if (course === undefined || person === undefined) {
    throw new Error('the launch names a person, course or link that is gone');
  }
  const origin = lms.origin();
  const urls = serviceUrls(origin);
  const roles = launchRoles(lms, course.id, person.id);
  const scope: VariableScope = {
    state,
    urls,
    person,
    course,
    activity,
    toolId: tool.id,
    roles,
    named: maySeeName(tool, person),
    mailed: maySeeEmail(tool, person),
  };
  const review =
    message.type === 'LtiSubmissionReviewRequest' ? activity?.submissionReview.custom : undefined;
  const custom = {
    ...customClaim(`${activity?.custom ?? ''}\n${review ?? ''}`, tool.custom, scope, lms.oddities),
    ...serviceCustom(tool, course, activity, urls),
  };
  const lineItem = activity === null ? '' : namedLineItem(lms, activity, tool, urls);
  const now = seconds(lms.clock);
  return {
    nonce: asked.nonce,
    iat: now,
    exp: now + LIFETIME_SECONDS,
    iss: origin,
    aud: tool.clientId,
    [`${CLAIM}/deployment_id`]: tool.deploymentId,
    [`${CLAIM}/target_link_uri`]: targetOf(lms, tool, message),
    sub: person.id,
    [`${CLAIM}/lis`]: { person_sourcedid: person.idNumber, course_section_sourcedid: course.idNumber },
    [`${CLAIM}/roles`]: roles,
    [`${CLAIM}/context`]: {
      id: course.id,
      label: course.label,
      title: course.title,
      type: ['CourseSection'],
    },
    ...linkClaims(lms, tool, activity, person.id),
    ...messageClaims(origin, tool, message),
    ...personClaims(tool, person),
    [`${CLAIM}/launch_presentation`]: presentationClaim(origin, launch, asked.language, activity),
    [`${CLAIM}/tool_platform`]: {
      product_family_code: 'moodle',
      version: '2023112400',
      guid: state.data.guid,
      name: 'demo',
      description: 'Учебный портал (демонстрация)',
    },
    [`${CLAIM}/version`]: '1.3.0',
    ...(Object.keys(custom).length > 0 && { [`${CLAIM}/custom`]: custom }),
    ...serviceClaims(tool, course, urls, lineItem),
  };
}
