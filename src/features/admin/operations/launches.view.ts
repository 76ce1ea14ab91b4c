import { platformName, type Registration } from '../../../lti/index.js';
import type { LaunchPage, LoggedLaunch } from '../../launch/index.js';

const ADVICE = {
  register: ['lti-unknown-platform', 'lti-which-client'],
  approve: ['lti-platform-pending', 'lti-platform-disabled'],
  deployment: ['lti-unknown-deployment'],
  address: ['lti-target', 'lti-method', 'lti-no-such-address', 'lti-content-type', 'lti-missing-parameter'],
  cookies: ['lti-state-cookie'],
  again: ['lti-state', 'lti-nonce', 'lti-expired'],
  keys: ['lti-unknown-key', 'lti-keys-unreachable'],
  clock: ['lti-future', 'lti-lifetime'],
  platform: ['lti-platform-error'],
  person: ['deep-linking-role'],
} as const;

/** What an administrator does about a refusal, by its code. */
function adviceOn(code: string): keyof typeof ADVICE | 'token' | 'ours' {
  for (const [advice, codes] of Object.entries(ADVICE)) {
    if ((codes as readonly string[]).includes(code)) return advice as keyof typeof ADVICE;
  }
  return code.startsWith('lti-') ? 'token' : 'ours';
}

/** Code → what it says to people. */
type Words = (code: string) => { readonly title: string; readonly text: string };

const summary = (loggedLaunch: LoggedLaunch, platforms: ReadonlyMap<string, string>, words: Words) => ({
  id: loggedLaunch.id,
  at: loggedLaunch.at,
  stage: loggedLaunch.stage,
  requestId: loggedLaunch.requestId,
  platform: platforms.get(loggedLaunch.registrationId) ?? '',
  accepted: loggedLaunch.accepted,
  code: loggedLaunch.code,
  refusal: loggedLaunch.accepted ? null : words(loggedLaunch.code),
  messageType: loggedLaunch.messageType,
});

const names = (platforms: readonly Registration[]): ReadonlyMap<string, string> =>
  new Map(platforms.map((platform) => [platform.id, platformName(platform)]));

export const launchesView = (
  { launches, page, pages }: LaunchPage,
  platforms: readonly Registration[],
  query: Readonly<Record<string, string | undefined>>,
  words: Words,
) => ({
  launches: launches.map((launch) => summary(launch, names(platforms), words)),
  platforms: platforms.map((platform) => ({ id: platform.id, name: platformName(platform) })),
  query: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)),
  pager: { page, pages },
});

export const launchView = (loggedLaunch: LoggedLaunch, platforms: readonly Registration[], words: Words) => ({
  launch: {
    ...summary(loggedLaunch, names(platforms), words),
    registrationId: names(platforms).has(loggedLaunch.registrationId) ? loggedLaunch.registrationId : '',
    received: loggedLaunch.received,
    verified: loggedLaunch.verified,
    loginIn: loggedLaunch.loginIn === '' ? 'unknown' : loggedLaunch.loginIn,
    deployment: loggedLaunch.deployment,
    services: loggedLaunch.services,
    claims: loggedLaunch.claims,
    unreadable: loggedLaunch.unreadable,
    milliseconds: loggedLaunch.milliseconds,
    advice: loggedLaunch.accepted ? null : adviceOn(loggedLaunch.code),
  },
});
