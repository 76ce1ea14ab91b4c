import { Browser, launchSelection } from '../../support/lms.js';
import { comeAs } from '../../features/consultations/fixtures.js';
import { answerOf, encoded, type Answer, type Attack } from './lab.js';
import { choosing } from './trespasses.js';

/** One door's key at another door: tokens, sessions and links of one kind, each where another kind belongs. */

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
const SETTINGS = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';

/** A notice's token has no login; a launch's has no notice. Neither may stand for the other. */
const NOTICES: readonly Attack[] = [
  {
    name: 'a notice’s token as a launch',
    answer: '400 lti-claim',
    run: (lab) =>
      lab.token(() => {
        const { control } = lab.testApp.lms;
        return control.signIdToken(control.noticeClaims(control.tools()[0]!.id, 'LtiHelloWorldNotice'));
      }),
  },
  {
    name: 'a launch’s token as a notice',
    answer: '403 lti-token-refused',
    async run(lab) {
      const { posted } = await lab.hold();
      return lab.send('/lti/notices', {
        method: 'POST',
        body: JSON.stringify({ notices: [{ jwt: posted.id_token }] }),
        headers: { 'content-type': 'application/json' },
      });
    },
  },
  {
    name: 'our own Deep Linking answer, sent back as a launch',
    answer: '400 lti-claim',
    async run(lab) {
      const { visitor, request } = await choosing(lab, '11');
      const page = await visitor.browser.request(visitor.address(`${request}/cancel`), {
        method: 'POST',
        form: { csrf: await visitor.csrf() },
        from: lab.testApp.origin,
      });
      return lab.token(() => page.forms.find(({ fields }) => 'JWT' in fields)!.fields.JWT!);
    },
  },
  {
    name: 'a notice of a course copy from another deployment of the platform',
    answer: '403 lti-token-refused',
    async run(lab) {
      const { registration } = await lab.secondClient();
      const { control } = lab.testApp.lms;
      const honest = control.noticeClaims(control.tools()[0]!.id, 'LtiContextCopyNotice');
      const jwt = await control.signIdToken({
        ...honest,
        [`${CLAIM}/deployment_id`]: registration.deployments[0],
      });
      return lab.send('/lti/notices', {
        method: 'POST',
        body: JSON.stringify({ notices: [{ jwt }] }),
        headers: { 'content-type': 'application/json' },
      });
    },
  },
];

const selection = (
  name: string,
  answer: Answer,
  forge: NonNullable<Parameters<typeof launchSelection>[1]['forge']>,
): Attack => ({
  name: `Deep Linking: ${name}`,
  answer,
  async run(lab) {
    const { response } = await launchSelection(lab.testApp.lms, {
      person: '11',
      course: '2',
      follow: false,
      forge,
    });
    return answerOf(response);
  },
});

/** The same checks for the message that asks for content. */
const SELECTIONS: readonly Attack[] = [
  selection('nothing changed', '303', ({ jwt }) => jwt),
  selection('other settings under the platform’s signature', '403 lti-token-refused', ({ jwt, claims }) => {
    const [head, , signature] = jwt.split('.');
    const settings = { ...(claims[SETTINGS] as object), deep_link_return_url: 'https://evil.example/' };
    return [head, encoded({ ...claims, [SETTINGS]: settings }), signature].join('.');
  }),
  selection('nonce of another login', '403 lti-nonce', ({ claims }) => ({ ...claims, nonce: 'another' })),
  selection('another tool’s', '401 lti-audience', ({ claims }) => ({ ...claims, aud: 'other' })),
  selection('a deployment that nobody knows', '403 lti-unknown-deployment', ({ claims }) => ({
    ...claims,
    [`${CLAIM}/deployment_id`]: '77',
  })),
  selection('an answer to a script', '400 lti-claim', ({ claims }) => ({
    ...claims,
    [SETTINGS]: { ...(claims[SETTINGS] as object), deep_link_return_url: 'javascript:alert(1)' },
  })),
];

/** The administrator's cookie and the course's, each where the other belongs. */
const ADMINS: readonly Attack[] = [
  {
    name: 'a session of a course at the administrator’s door, by every name',
    answer: 'stays outside',
    async run(lab) {
      const { browser } = await comeAs(lab.testApp, 'methodist', { person: '11', course: '2' });
      const session = browser.cookie(lab.testApp.origin, 'nastavnik') ?? '';
      const cookies = [
        `nastavnik=${session}`,
        `nastavnik_admin=${session}`,
        `nastavnik_admin=${'x'.repeat(32)}`,
      ];
      return Promise.all(
        cookies.map(async (cookie) => {
          const { status, headers } = await fetch(`${lab.testApp.origin}/admin/platforms`, {
            redirect: 'manual',
            headers: { cookie },
          });
          const to = headers.get('location');
          return status === 303 && to === '/admin/login' ? 'stays outside' : `${status} ${to ?? ''}`;
        }),
      );
    },
  },
  {
    name: 'the administrator’s door inside an LMS’s frame',
    answer: 'framed by nobody, its cookie stays behind',
    async run(lab) {
      const framed = new Browser({ framedBy: lab.testApp.lms.origin });
      const page = await framed.get(`${lab.testApp.origin}/admin/login`, { from: lab.testApp.lms.origin });
      const policy = page.headers.get('content-security-policy') ?? '';
      const kept = framed.cookieNames(lab.testApp.origin).includes('nastavnik_admin');
      return policy.includes("frame-ancestors 'none'") &&
        page.headers.get('x-frame-options') === 'DENY' &&
        !kept
        ? 'framed by nobody, its cookie stays behind'
        : `${policy}, cookie kept: ${String(kept)}`;
    },
  },
  {
    name: 'a registration link, used and pressed again with another token',
    answer: '404 registration-link',
    async run(lab) {
      const { url } = await lab.testApp.app.features.registration.invite('');
      const invitation = new URL(url).searchParams.get('invitation') ?? '';
      const { control } = lab.testApp.lms;
      const press = async (): Promise<Answer> => {
        const offer = new URL(await control.registrationUrl(url));
        const fields = { ...Object.fromEntries(offer.searchParams), invitation };
        const from = lab.testApp.origin;
        return answerOf(await new Browser().post(`${from}/lti/register`, fields, { from }));
      };
      const first = await press();
      return first === '200' ? [await press(), await press()] : `first: ${first}`;
    },
  },
];

export const DOORS: readonly Attack[] = [...SELECTIONS, ...NOTICES, ...ADMINS];
