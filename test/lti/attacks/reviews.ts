import { generateKeyPairSync } from 'node:crypto';
import { launchReview, type Claims } from '../../support/lms.js';
import { CAPITAL, makeTest } from '../../features/assessments/fixtures.js';
import { answerOf, encoded, signed, type Answer, type Attack, type Lab } from './lab.js';

/**
 * Submission Review, which ltijs does not know: jose verifies it, so everything that ltijs refuses of other messages
 * is tried once more by this one alone.
 */

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
const TEACHER = { person: '11', course: '2' } as const;
const thief = generateKeyPairSync('rsa', { modulusLength: 2048 });

type Review = Parameters<typeof launchReview>[1];

/** A link in that course that opens a test of it, with a column. */
const places = new WeakMap<Lab, Promise<string>>();
const placeOf = (lab: Lab): Promise<string> => {
  const known = places.get(lab) ?? place(lab);
  places.set(lab, known);
  return known;
};
async function place(lab: Lab): Promise<string> {
  const { testApp } = lab;
  const test = await makeTest(await testApp.launch(TEACHER), { title: 'Столицы' }, [CAPITAL]);
  const { control } = testApp.lms;
  const { id } = control.addActivity('2', control.tools()[0]!.id, {
    title: 'Столицы',
    custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
    column: { scoreMaximum: 10 },
  });
  await testApp.launch({ person: '101', course: '2', link: id });
  return id;
}

async function review(lab: Lab, changes: Partial<Review>): Promise<Answer> {
  const link = await placeOf(lab);
  const { response } = await launchReview(lab.testApp.lms, {
    ...TEACHER,
    link,
    student: '101',
    follow: false,
    ...changes,
  });
  return answerOf(response);
}

/** One that came in, with a browser that keeps the login's cookie whatever it is told. */
async function launched(lab: Lab) {
  const browser = lab.another();
  let cookie = '';
  const { post } = await launchReview(lab.testApp.lms, {
    ...TEACHER,
    link: await placeOf(lab),
    student: '101',
    browser,
    follow: false,
    forge: ({ jwt, state }) => {
      cookie = `state${state}=${browser.cookie(lab.testApp.origin, `state${state}`) ?? ''}`;
      return jwt;
    },
  });
  browser.setCookie(lab.testApp.origin, `${cookie}; Secure; SameSite=None; Partitioned`);
  return { browser, fields: post!.fields };
}

const token = (name: string, answer: Answer, forge: NonNullable<Review['forge']>): Attack => ({
  name: `review: ${name}`,
  answer,
  run: (lab) => review(lab, { forge }),
});

const claim = (
  name: string,
  answer: Answer,
  change: (lab: Lab, honest: Claims) => Readonly<Record<string, unknown>>,
): Attack => ({
  name: `review: ${name}`,
  answer,
  run: (lab) => review(lab, { forge: ({ claims }) => ({ ...claims, ...change(lab, claims) }) }),
});

const REFUSED = '403 lti-token-refused';
const now = (): number => Math.floor(Date.now() / 1_000);

const TOKENS: readonly Attack[] = [
  token('nothing changed', '303', ({ jwt }) => jwt),
  token('the thief’s signature', REFUSED, ({ header, claims }) => signed(header, claims, thief.privateKey)),
  token('the signature left out', REFUSED, ({ jwt }) => `${jwt.split('.').slice(0, 2).join('.')}.`),
  token('another student under the platform’s signature', REFUSED, ({ jwt, claims }) => {
    const [head, , signature] = jwt.split('.');
    return [head, encoded({ ...claims, [`${CLAIM}/for_user`]: { user_id: '103' } }), signature].join('.');
  }),
  token('other roles under the platform’s signature', REFUSED, ({ jwt, claims }) => {
    const [head, , signature] = jwt.split('.');
    return [head, encoded({ ...claims, [`${CLAIM}/roles`]: ['Instructor'] }), signature].join('.');
  }),
  ...['none', 'nOnE', 'HS256', 'RS512', 'PS256', 'rs256'].map((alg) =>
    token(`alg ${alg}`, '403 lti-algorithm', ({ jwt, header }) =>
      [encoded({ ...header, alg }), ...jwt.split('.').slice(1)].join('.'),
    ),
  ),
  token('jwk: the thief’s key in the token', REFUSED, ({ header, claims }) =>
    signed({ ...header, jwk: thief.publicKey.export({ format: 'jwk' }) }, claims, thief.privateKey),
  ),
  token('crit', '403 lti-header', ({ header, claims }) =>
    signed({ ...header, crit: ['exp'] }, claims, thief.privateKey),
  ),
];

const CLAIMS: readonly Attack[] = [
  claim('for nobody', '400 lti-claim', () => ({ [`${CLAIM}/for_user`]: undefined })),
  claim('for null', '400 lti-claim', () => ({ [`${CLAIM}/for_user`]: null })),
  claim('for an operator', '400 lti-claim', () => ({ [`${CLAIM}/for_user`]: { user_id: { $ne: 1 } } })),
  claim('for an empty name', '400 lti-claim', () => ({ [`${CLAIM}/for_user`]: { user_id: '' } })),
  claim('of no link', '400 lti-claim', () => ({ [`${CLAIM}/resource_link`]: undefined })),
  claim('by nobody', '400 lti-claim', () => ({ sub: undefined })),
  claim('roles left out', '400 lti-claim', () => ({ [`${CLAIM}/roles`]: undefined })),
  claim('version 1.1', '400 lti-claim', () => ({ [`${CLAIM}/version`]: '1.1' })),
  claim('nonce of another login', '403 lti-nonce', () => ({ nonce: 'another' })),
  claim('aud: another tool', '401 lti-audience', () => ({ aud: 'other' })),
  claim('aud: a further one', '401 lti-audience', ({ testApp }) => ({
    aud: [testApp.registration.clientId, 'other'],
  })),
  claim('azp: another tool', '401 lti-audience', () => ({ azp: 'other' })),
  claim('iss: another platform', '403 lti-issuer', () => ({ iss: 'https://other.example.org' })),
  claim('exp two minutes ago', '403 lti-expired', () => ({ exp: now() - 120 })),
  claim('exp in the year 9999', '403 lti-lifetime', () => ({ exp: 253_402_300_799 })),
  claim('iat two minutes ahead', '403 lti-future', () => ({ iat: now() + 120, exp: now() + 180 })),
  claim('nbf tomorrow', '403 lti-future', () => ({ nbf: now() + 86_400 })),
  claim('a deployment that nobody knows', '403 lti-unknown-deployment', () => ({
    [`${CLAIM}/deployment_id`]: '77',
  })),
  claim('target_link_uri elsewhere', '400 lti-target', () => ({
    [`${CLAIM}/target_link_uri`]: 'https://evil.example/lti/launch',
  })),
];

const RIGHTS: readonly Attack[] = [
  {
    name: 'review: a student sends one of somebody else’s work',
    answer: '403',
    run: (lab) =>
      review(lab, {
        follow: true,
        forge: ({ claims }) => ({ ...claims, sub: '103', [`${CLAIM}/roles`]: [] }),
      }),
  },
  {
    name: 'review: of somebody who is not in the course',
    answer: '404 not-found',
    async run(lab) {
      await lab.testApp.launch({ person: '135', course: '3' });
      return review(lab, {
        follow: true,
        forge: ({ claims }) => ({ ...claims, [`${CLAIM}/for_user`]: { user_id: '135' } }),
      });
    },
  },
  {
    name: 'review: the same one a second time',
    answer: '403 lti-state',
    async run(lab) {
      const { fields, browser } = await launched(lab);
      return lab.post(browser, fields);
    },
  },
  {
    name: 'review: the same one in another browser',
    answer: '403 lti-state-cookie',
    run: async (lab) => lab.post(lab.another(), (await launched(lab)).fields),
  },
];

export const REVIEWS: readonly Attack[] = [...TOKENS, ...CLAIMS, ...RIGHTS];
