import { platformName, type Registration } from '../../../lti/index.js';
import type { LaunchPage, LoggedLaunch } from '../../launch/index.js';

const ADVICE = {
  register: ['lti-unknown-platform', 'lti-which-client'],
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

const summary = (one: LoggedLaunch, platforms: ReadonlyMap<string, string>, words: Words) => ({
  id: one.id,
  at: one.at,
  stage: one.stage,
  requestId: one.requestId,
  platform: platforms.get(one.registrationId) ?? '',
  accepted: one.accepted,
  code: one.code,
  refusal: one.accepted ? null : words(one.code),
  messageType: one.messageType,
});

const names = (platforms: readonly Registration[]): ReadonlyMap<string, string> =>
  new Map(platforms.map((one) => [one.id, platformName(one)]));

export const launchesView = (
  { launches, page, pages }: LaunchPage,
  platforms: readonly Registration[],
  query: Readonly<Record<string, string | undefined>>,
  words: Words,
) => ({
  launches: launches.map((one) => summary(one, names(platforms), words)),
  platforms: platforms.map((one) => ({ id: one.id, name: platformName(one) })),
  query: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)),
  pager: { page, pages },
});

export const launchView = (one: LoggedLaunch, platforms: readonly Registration[], words: Words) => ({
  launch: {
    ...summary(one, names(platforms), words),
    registrationId: names(platforms).has(one.registrationId) ? one.registrationId : '',
    received: one.received,
    verified: one.verified,
    loginIn: one.loginIn === '' ? 'unknown' : one.loginIn,
    deployment: one.deployment,
    services: one.services,
    claims: one.claims,
    milliseconds: one.milliseconds,
    advice: one.accepted ? null : adviceOn(one.code),
  },
});
