import type { Activity, Course, Person } from '../model.js';
import type { LmsState } from '../state.js';
import type { Oddities } from '../oddities.js';
import type { ServiceUrls } from './urls.js';

/** Custom parameters: how they are kept, and what their variables become at launch (LTI 1.3 core, 4.6). */

export const toLines = (custom: Readonly<Record<string, unknown>>): string =>
  Object.entries(custom)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');

const pairsOf = (lines: string): [string, string][] =>
  lines.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return at <= 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
  });

export interface VariableScope {
  readonly state: LmsState;
  readonly urls: ServiceUrls;
  readonly person: Person;
  readonly course: Course;
  /** Null in Deep Linking, where there is no link yet. */
  readonly activity: Activity | null;
  readonly toolId: string;
  readonly roles: readonly string[];
  /** May the tool know the name and the e-mail? */
  readonly named: boolean;
  readonly mailed: boolean;
}

type Value = string | null;

/** Variables the platform knows; an unknown one stays as it is written. */
const VARIABLES: Readonly<Record<string, (scope: VariableScope) => Value>> = {
  'Context.id': ({ course }) => course.id,
  'Context.title': ({ course }) => course.title,
  'Context.label': ({ course }) => course.label,
  'Context.sourcedId': ({ course }) => course.idNumber,
  'Context.id.history': ({ course }) => course.history.join(','),
  'Context.timeFrame.begin': ({ course }) => String(Math.floor(Date.parse(course.startsAt) / 1000)),
  'CourseSection.title': ({ course }) => course.title,
  'CourseSection.label': ({ course }) => course.label,
  'CourseSection.sourcedId': ({ course }) => course.idNumber,
  'CourseSection.timeFrame.begin': ({ course }) => `${course.startsAt.slice(0, 19)}+00:00`,
  'CourseSection.timeFrame.end': () => '',
  'ResourceLink.id': ({ activity }) => activity?.id ?? null,
  'ResourceLink.title': ({ activity }) => activity?.title ?? null,
  'ResourceLink.description': ({ activity }) => activity?.text ?? null,
  'User.id': ({ person }) => person.id,
  'User.username': ({ person, named }) => (named ? person.username : ''),
  'Person.name.full': ({ person, named }) => (named ? fullName(person) : ''),
  'Person.name.given': ({ person, named }) => (named ? person.givenName : ''),
  'Person.name.family': ({ person, named }) => (named ? person.familyName : ''),
  'Person.name.middle': ({ person, named }) => (named ? person.middleName : ''),
  'Person.email.primary': ({ person, mailed }) => (mailed ? person.email : ''),
  'Person.sourcedId': ({ person }) => person.idNumber,
  'Person.address.timezone': ({ person }) => person.timezone,
  'Membership.role': ({ roles }) => roles.join(','),
  'Moodle.Person.userGroupIds': ({ state, course, person }) =>
    state
      .groupsOf(course.id, person.id)
      .map((group) => group.id)
      .join(','),
  'LineItems.url': ({ urls, course, toolId }) => urls.lineItems(course.id, toolId),
  'LineItem.url': ({ state, urls, activity, toolId }) => {
    const column = activity === null ? undefined : state.soleColumn(activity.id);
    return column === undefined ? '' : urls.lineItem(column, toolId);
  },
  'ToolProxyBinding.memberships.url': ({ urls, course, toolId }) => urls.memberships(course.id, toolId),
};

/** For the openid-configuration. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES);

export const fullName = (person: Person): string => `${person.givenName} ${person.familyName}`;

function substitute(value: string, scope: VariableScope): Value {
  if (!value.startsWith('$')) return value;
  const resolve = VARIABLES[value.slice(1)];
  return resolve === undefined ? value : resolve(scope);
}

/**
 * The custom claim. The link's parameters stand first and the tool's own win over them, or the other way round as in
 * Canvas. A key that is not
 * plain lower case arrives twice: mapped (`Mixed-Key` → `mixed_key`) and as written.
 */
export function customClaim(
  linkLines: string,
  toolLines: string,
  scope: VariableScope,
  oddities: Oddities = new Set(),
): Record<string, Value> {
  const claim: Record<string, Value> = {};
  const [weaker, stronger] = oddities.has('link-custom-wins')
    ? [toolLines, linkLines]
    : [linkLines, toolLines];
  for (const [key, value] of [...pairsOf(weaker), ...pairsOf(stronger)]) {
    const substituted = substitute(value, scope);
    claim[key.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')] = substituted;
    claim[key] = substituted;
  }
  return claim;
}
