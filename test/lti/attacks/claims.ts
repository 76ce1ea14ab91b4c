import type { Claims } from '../../support/lms.js';
import type { Attack, Lab } from './lab.js';

/** Tokens that the platform did sign, for another recipient, for another time, or with odd things in them. */

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
const AGS = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';

const now = (): number => Math.floor(Date.now() / 1_000);
const DAY_S = 86_400;

const claim = (
  name: string,
  answer: string,
  change: (lab: Lab, honest: Claims) => Readonly<Record<string, unknown>>,
): Attack => ({ name, answer, run: (lab) => lab.claims((honest) => change(lab, honest)) });

/** An object where a text belongs. */
const nested = (name: string, change: Readonly<Record<string, unknown>>): Attack =>
  claim(name, '400 lti-claim', () => change);

/** Something optional that is unreadable counts as absent. */
const passed = (name: string, change: Readonly<Record<string, unknown>>): Attack =>
  claim(name, '303', () => change);

const client = (lab: Lab): string => lab.testApp.registration.clientId;

const TIMES: readonly Attack[] = [
  claim('exp left out', '400 lti-claim', () => ({ exp: undefined })),
  claim('exp as text', '400 lti-claim', () => ({ exp: String(now() + 60) })),
  claim('exp within the tolerance of clocks', '303', () => ({ exp: now() - 30 })),
  claim('exp two minutes ago', '403 lti-expired', () => ({ exp: now() - 120 })),
  claim('nbf within the tolerance of clocks', '303', () => ({ nbf: now() + 30 })),
  claim('nbf two minutes ahead', '403 lti-future', () => ({ nbf: now() + 120 })),
  claim('nbf as text', '400 lti-claim', () => ({ nbf: 'now' })),
  claim('exp negative', '403 lti-expired', () => ({ exp: -1 })),
  claim('exp zero', '403 lti-expired', () => ({ exp: 0 })),
  claim('exp in the year 9999', '403 lti-lifetime', () => ({ exp: 253_402_300_799 })),
  claim('exp more than a day after iat', '403 lti-lifetime', () => ({ exp: now() + DAY_S + 60 })),
  claim('exp that no calendar has', '403 lti-lifetime', () => ({ exp: 1e300 })),
  claim('iat left out', '400 lti-claim', () => ({ iat: undefined })),
  claim('iat as text', '400 lti-claim', () => ({ iat: 'now' })),
  claim('iat two minutes ahead', '403 lti-future', () => ({ iat: now() + 120, exp: now() + 180 })),
  claim('iat within the tolerance of clocks', '303', () => ({ iat: now() + 30, exp: now() + 90 })),
  claim('iat eleven minutes ago', '403 lti-expired', () => ({ iat: now() - 660 })),
  claim('iat negative', '403 lti-expired', () => ({ iat: -1e300 })),
];

const ADDRESSEES: readonly Attack[] = [
  claim('aud: one, in a list, is one', '303', (lab) => ({ aud: [client(lab)] })),
  claim('aud: another tool', '401 lti-audience', () => ({ aud: 'other' })),
  claim('aud: a further one', '401 lti-audience', (lab) => ({ aud: [client(lab), 'other'] })),
  claim('aud: a further one, and azp is us', '401 lti-audience', (lab) => ({
    aud: [client(lab), 'other'],
    azp: client(lab),
  })),
  claim('aud: ourselves twice', '401 lti-audience', (lab) => ({ aud: [client(lab), client(lab)] })),
  claim('aud: an empty list', '401 lti-audience', () => ({ aud: [] })),
  claim('aud left out', '401 lti-audience', () => ({ aud: undefined })),
  claim('aud: an object', '401 lti-audience', () => ({ aud: { $ne: 1 } })),
  claim('azp: another tool', '401 lti-audience', () => ({ azp: 'other' })),
  claim('iss: another platform', '403 lti-issuer', () => ({ iss: 'https://other.example.org' })),
  claim('iss: ours with a slash more', '403 lti-issuer', (lab) => ({ iss: `${lab.testApp.lms.origin}/` })),
  claim('nonce of another login', '403 lti-nonce', () => ({ nonce: 'another' })),
  claim('nonce empty', '400 lti-claim', () => ({ nonce: '' })),
  claim('nonce left out', '400 lti-claim', () => ({ nonce: undefined })),
  claim('deployment that nobody knows', '403 lti-unknown-deployment', () => ({
    [`${CLAIM}/deployment_id`]: '77',
  })),
  {
    name: 'deployment swapped for one of another client',
    answer: '403 lti-unknown-deployment',
    async run(lab) {
      const { registration } = await lab.secondClient();
      return lab.claims(() => ({ [`${CLAIM}/deployment_id`]: registration.deployments[0] }));
    },
  },
  {
    name: 'client swapped between login and launch',
    answer: '401 lti-audience',
    async run(lab) {
      const { registration } = await lab.secondClient();
      return lab.claims(() => ({
        aud: registration.clientId,
        [`${CLAIM}/deployment_id`]: registration.deployments[0],
      }));
    },
  },
  ...['https://evil.example/lti/launch', 'javascript:alert(1)', 'http://localhost/lti/launch'].map((target) =>
    claim(`target_link_uri: ${target}`, '400 lti-target', () => ({ [`${CLAIM}/target_link_uri`]: target })),
  ),
];

const ODD: readonly Attack[] = [
  nested('sub: an operator', { sub: { $ne: 1 } }),
  nested('sub: a list', { sub: ['101'] }),
  nested('sub: empty', { sub: '' }),
  nested('sub left out', { sub: undefined }),
  nested('sub: 256 characters', { sub: 'x'.repeat(256) }),
  nested('iss: an object', { iss: { $regex: '.*' } }),
  nested('nonce: an operator', { nonce: { $ne: 1 } }),
  nested('azp: an object', { azp: {} }),
  passed('family_name: an object', { family_name: { $ne: 1 } }),
  passed('email: an object', { email: { toString: 'x' } }),
  passed('locale: a list', { locale: ['ru'] }),
  nested('context id: an operator', { [`${CLAIM}/context`]: { id: { $gt: '' } } }),
  nested('context id: a number', { [`${CLAIM}/context`]: { id: 5 } }),
  passed('context: an empty list', { [`${CLAIM}/context`]: [] }),
  nested('context: a text', { [`${CLAIM}/context`]: '2' }),
  nested('deployment: a number', { [`${CLAIM}/deployment_id`]: 1 }),
  nested('resource link id: an operator', { [`${CLAIM}/resource_link`]: { id: { $ne: 1 } } }),
  nested('resource link left out', { [`${CLAIM}/resource_link`]: undefined }),
  nested('target_link_uri left out', { [`${CLAIM}/target_link_uri`]: undefined }),
  nested('roles left out', { [`${CLAIM}/roles`]: undefined }),
  nested('roles: a text', { [`${CLAIM}/roles`]: 'Instructor' }),
  nested('roles: a list of objects', { [`${CLAIM}/roles`]: [{ $ne: 1 }] }),
  nested('version 1.1', { [`${CLAIM}/version`]: '1.1' }),
  nested('an unknown message', { [`${CLAIM}/message_type`]: 'LtiStartProctoring' }),
  nested('two messages', { [`${CLAIM}/message_type`]: ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest'] }),
  passed('custom parameters: objects', { [`${CLAIM}/custom`]: { a: { b: 1 } } }),
  passed('line item: no address', { [AGS]: { lineitem: 'not an address', scope: [] } }),
  passed('line item: an object', { [AGS]: { lineitem: { href: 'x' }, scope: [] } }),
  passed('people’s address: an object', { [NRPS]: { context_memberships_url: {} } }),
  {
    name: '__proto__ carries the claim that is left out',
    answer: '400 lti-claim',
    run: (lab) =>
      lab.claims(({ sub }) => ({
        sub: undefined,
        ...(JSON.parse(`{"__proto__":{"sub":${JSON.stringify(sub)}}}`) as object),
      })),
  },
  {
    name: '__proto__ and constructor as keys spoil no object of ours',
    answer: '303',
    async run(lab) {
      const keys = '"__proto__":{"polluted":"1"},"constructor":{"prototype":{"polluted":"1"}}';
      const got = await lab.claims(() => ({
        ...(JSON.parse(`{${keys}}`) as object),
        [`${CLAIM}/custom`]: JSON.parse(
          '{"__proto__":"x","constructor":"y","nastavnik_kind":"constructor","nastavnik_id":"__proto__"}',
        ) as object,
      }));
      const spoilt = 'polluted' in {} || 'nastavnik_kind' in {};
      return spoilt ? `${got}, and Object.prototype is spoilt` : got;
    },
  },
];

export const CLAIMS: readonly Attack[] = [...TIMES, ...ADDRESSEES, ...ODD];
