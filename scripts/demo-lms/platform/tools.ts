import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import type { Tool } from '../model.js';
import type { LmsState } from '../state.js';
import { ensureHomeLinks } from './activities.js';
import { toLines } from './custom.js';
import { ALL_SCOPES } from './scopes.js';

/** A tool registered by hand. With `url` alone everything else follows the tool's usual addresses. */
export interface ToolInput {
  /** The tool's origin, such as http://localhost:3000, without a slash at the end. */
  readonly url: string;
  readonly name?: string;
  readonly description?: string;
  readonly state?: 'pending' | 'active';
  readonly clientId?: string;
  /** The tool's number in the LMS by default, as in Moodle. */
  readonly deploymentId?: string;
  readonly loginUrl?: string;
  readonly targetLinkUrl?: string;
  readonly deepLinkingUrl?: string;
  readonly redirectUrls?: readonly string[];
  readonly jwksUrl?: string;
  /** Instead of fetching `jwksUrl`. */
  readonly jwks?: { keys: JWK[] };
  readonly iconUrl?: string;
  /** Custom parameters; values may be variables such as `$Person.name.middle`. */
  readonly custom?: Readonly<Record<string, string>>;
  readonly scopes?: readonly string[];
  readonly sendName?: boolean;
  readonly sendEmail?: boolean;
  readonly acceptGrades?: 'always' | 'delegate';
  /** Puts a plain link to the tool into every course once the tool is active; true by default. */
  readonly homeLinks?: boolean;
}

/** What a tool gets to know beyond the standard claims, unless it asks for something else. */
export const DEFAULT_CUSTOM: Readonly<Record<string, string>> = {
  middle_name: '$Person.name.middle',
  groups: '$Moodle.Person.userGroupIds',
  tz: '$Person.address.timezone',
  context_history: '$Context.id.history',
};

export const newClientId = (): string =>
  randomBytes(12).toString('base64url').replaceAll(/[-_]/g, '0').slice(0, 15);

export function addTool(state: LmsState, input: ToolInput): Tool {
  const id = state.next('tool');
  const targetLinkUrl = input.targetLinkUrl ?? `${input.url}/lti/launch`;
  const deepLinkingUrl = input.deepLinkingUrl ?? targetLinkUrl;
  const tool: Tool = {
    id,
    deploymentId: input.deploymentId ?? id,
    clientId: input.clientId ?? newClientId(),
    name: input.name ?? 'Наставник',
    description: input.description ?? 'Консультации, преподаватели и проверочные работы этого курса',
    state: input.state ?? 'active',
    loginUrl: input.loginUrl ?? `${input.url}/lti/login`,
    targetLinkUrl,
    deepLinkingUrl,
    redirectUrls: [
      ...new Set(input.redirectUrls ?? [targetLinkUrl, ...(deepLinkingUrl === '' ? [] : [deepLinkingUrl])]),
    ],
    jwksUrl: input.jwksUrl ?? `${input.url}/lti/keys`,
    jwks: input.jwks ?? null,
    iconUrl: input.iconUrl ?? '',
    custom: toLines(input.custom ?? DEFAULT_CUSTOM),
    scopes: [...(input.scopes ?? ALL_SCOPES)],
    sendName: input.sendName ?? true,
    sendEmail: input.sendEmail ?? true,
    acceptGrades: input.acceptGrades ?? 'delegate',
  };
  state.data.tools.push(tool);
  if (tool.state === 'active' && input.homeLinks !== false) ensureHomeLinks(state, tool);
  state.commit();
  return tool;
}

export function activateTool(state: LmsState, tool: Tool): void {
  tool.state = 'active';
  ensureHomeLinks(state, tool);
  state.commit();
}
