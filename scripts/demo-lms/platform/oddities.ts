import type { Oddities } from '../oddities.js';
import type { Claims } from './claims.js';

/** What other LMSs put into a launch where the recorded one does otherwise; see oddities.ts. */

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
const SETTINGS = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';
const VOCABULARY = 'http://purl.imsglobal.org/vocab/lis/v2';

const LONG = 200 * 1024;

type Change = (claims: Claims) => Claims;

const settings = (claims: Claims, change: Claims): Claims =>
  claims[SETTINGS] === undefined ? {} : { [SETTINGS]: { ...(claims[SETTINGS] as Claims), ...change } };

const rolesAs = (claims: Claims, write: (name: string) => string): Claims => ({
  [`${CLAIM}/roles`]: (claims[`${CLAIM}/roles`] as string[]).map((role) =>
    role.includes('membership#') ? write(role.split('#').at(-1) ?? '') : role,
  ),
});

const CHANGES: Readonly<Record<string, Change>> = {
  'empty-custom': () => ({ [`${CLAIM}/custom`]: [] }),
  'list-in-custom': (claims) => ({
    [`${CLAIM}/custom`]: {
      ...(claims[`${CLAIM}/custom`] as Claims | undefined),
      canvas_course_gradingscheme: [
        { name: 'A', value: 0.94 },
        { name: 'B', value: 0.84 },
      ],
    },
  }),
  'null-data': (claims) => settings(claims, { data: null }),
  'object-data': (claims) => settings(claims, { data: { course: [5, 'x', true, null] } }),
  'empty-nrps': () => ({ [NRPS]: {} }),
  'long-description': (claims) => ({
    [`${CLAIM}/resource_link`]: {
      ...(claims[`${CLAIM}/resource_link`] as Claims | undefined),
      description: 'я'.repeat(LONG / 2),
    },
  }),
  'institution-administrator': (claims) => ({
    [`${CLAIM}/roles`]: [
      `${VOCABULARY}/institution/person#Administrator`,
      ...(claims[`${CLAIM}/roles`] as string[]),
    ],
  }),
  'short-roles': (claims) => rolesAs(claims, (name) => name),
  'old-roles': (claims) => rolesAs(claims, (name) => `urn:lti:role:ims/lis/${name}`),
};

/** Changes honest claims as the LMS's oddities say. */
export function oddClaims(oddities: Oddities, claims: Claims): Claims {
  let odd = claims;
  for (const name of oddities) odd = { ...odd, ...CHANGES[name]?.(odd) };
  return odd;
}
