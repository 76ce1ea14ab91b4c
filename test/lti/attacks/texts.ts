import { launchLink, launchSelection, type Claims } from '../../support/lms.js';
import { comeAs } from '../../features/consultations/fixtures.js';
import type { Answer, Attack, Lab } from './lab.js';

/** Text that wants to be something else, in every claim that a page, a header or the log may show. */

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
const SETTINGS = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';

/** A mark to find it by, then everything that any reader of text is known to trip over. */
const MARK = 'MARK';
const HOSTILE = [
  `${MARK}<script>alert(1)</script><img src=x onerror=alert(1)>"'\``,
  '</title></textarea>--><svg/onload=alert(1)>',
  '\r\nSet-Cookie: stolen=1\r\n\r\n<b>split</b>',
  '\u2028\u2029\u0000\u0007\u001b[31m\u009b',
  '\u202Eturned\u202D\u202A\u2066\u2067',
  '{{7*191}}${7*191}<%= 7*191 %>#{7*191}{"$ne":1}',
  '\n{"level":60,"msg":"forged"}',
  '\uD800',
].join('');

/** What became of it on the page, in the headers and on their way. */
function seen(status: number, text: string, headers: Headers): Answer {
  const wrong = [
    ...(/<script>alert|<img src=x|<svg\/onload|<b>split/i.test(text) ? ['markup'] : []),
    // eslint-disable-next-line no-control-regex -- it is what is looked for
    ...(/[\u0000\u0007\u001b\u009b\u2028\u2029]/.test(text) ? ['control characters'] : []),
    ...(/[\u202A-\u202E\u2066-\u2069]/.test(text) ? ['turned writing'] : []),
    ...(text.includes('1337') ? ['a template'] : []),
    ...(JSON.stringify([...headers]).includes(MARK) ? ['a header'] : []),
    ...(headers.getSetCookie().some((item) => item.includes('stolen')) ? ['a cookie'] : []),
  ];
  return `${status} ${wrong.length === 0 ? 'text alone' : `with ${wrong.join(', ')}`}`;
}

const inLaunch = (
  name: string,
  answer: Answer,
  change: (honest: Claims) => Readonly<Record<string, unknown>>,
): Attack => ({
  name: `hostile text as ${name}`,
  answer,
  async run(lab) {
    const { response } = await launchLink(lab.testApp.lms, {
      person: '101',
      course: '2',
      forge: ({ claims }) => ({ ...claims, ...change(claims) }),
    });
    return seen(response.status, response.text, response.headers);
  },
});

/** Pages on which those who teach meet a person of that name. */
async function metByTeacher(lab: Lab, paths: readonly string[]): Promise<Answer[]> {
  await launchLink(lab.testApp.lms, {
    person: '103',
    course: '2',
    forge: ({ claims }) => ({ ...claims, given_name: HOSTILE, family_name: HOSTILE }),
  });
  const teacher = await comeAs(lab.testApp, 'methodist', { person: '11', course: '2' });
  return Promise.all(
    paths.map(async (path) => {
      const { status, body, headers } = await teacher.get(path);
      return body.includes(MARK) ? seen(status, body, headers) : `${path} shows nobody`;
    }),
  );
}

const shown = '200 text alone';

export const TEXTS: readonly Attack[] = [
  inLaunch('a name, in all its parts', shown, () => ({
    ...{ name: HOSTILE, given_name: HOSTILE, family_name: HOSTILE, middle_name: HOSTILE },
  })),
  inLaunch('a whole name alone', shown, () => ({
    ...{ name: HOSTILE, given_name: '', family_name: '' },
  })),
  inLaunch('mail', shown, () => ({ email: HOSTILE })),
  inLaunch('a language', shown, () => ({
    locale: HOSTILE,
    [`${CLAIM}/launch_presentation`]: { locale: HOSTILE },
  })),
  inLaunch('a return_url', shown, () => ({
    [`${CLAIM}/launch_presentation`]: { return_url: `https://a.example/${HOSTILE}` },
  })),
  ...['javascript:alert(1)', 'data:text/html,x', 'https://a;script-src *', 'https://*', '//a', 'ftp://a'].map(
    (address) =>
      inLaunch(`a return_url: ${address}`, shown, () => ({
        [`${CLAIM}/launch_presentation`]: { return_url: address },
      })),
  ),
  inLaunch('a course’s title and label', shown, ({ [`${CLAIM}/context`]: context }) => ({
    [`${CLAIM}/context`]: { ...(context as object), title: HOSTILE, label: HOSTILE },
  })),
  inLaunch('a link’s title, where there is no course', shown, () => ({
    [`${CLAIM}/context`]: undefined,
    [`${CLAIM}/resource_link`]: { id: HOSTILE.slice(0, 100), title: HOSTILE, description: HOSTILE },
  })),
  inLaunch('custom parameters, names and values', shown, () => ({
    [`${CLAIM}/custom`]: {
      [HOSTILE]: HOSTILE,
      ...{ tz: HOSTILE, time_zone: HOSTILE, middle_name: HOSTILE, context_history: HOSTILE },
      ...{ nastavnik_kind: HOSTILE, nastavnik_id: HOSTILE },
    },
  })),
  inLaunch('roles', shown, () => ({ [`${CLAIM}/roles`]: [HOSTILE.slice(0, 255)] })),
  inLaunch('claims of vendors', shown, () => ({ [HOSTILE]: HOSTILE, 'https://vendor.example/x': [HOSTILE] })),
  inLaunch('a deployment', '403 text alone', () => ({ [`${CLAIM}/deployment_id`]: HOSTILE.slice(0, 255) })),
  inLaunch('an issuer', '403 text alone', () => ({ iss: HOSTILE.slice(0, 255) })),
  inLaunch('an audience', '401 text alone', () => ({ aud: HOSTILE.slice(0, 255) })),
  inLaunch('a target', '400 text alone', () => ({ [`${CLAIM}/target_link_uri`]: `https://a/${HOSTILE}` })),
  {
    name: 'hostile text as a name, as teachers meet it',
    answer: shown,
    run: (lab) => metByTeacher(lab, ['people', 'view-as']),
  },
  {
    name: 'hostile text as title, text and data of Deep Linking',
    answer: shown,
    async run(lab) {
      const { response } = await launchSelection(lab.testApp.lms, {
        person: '11',
        course: '2',
        forge: ({ claims }) => ({
          ...claims,
          [SETTINGS]: { ...(claims[SETTINGS] as object), title: HOSTILE, text: HOSTILE, data: HOSTILE },
        }),
      });
      return seen(response.status, response.text, response.headers);
    },
  },
  {
    name: 'hostile text as parameters of a login, and of an error',
    answer: '400 text alone',
    async run(lab) {
      const honest = lab.honestLogin();
      const ask = async (path: string, init: RequestInit = {}) => {
        const response = await fetch(`${lab.testApp.origin}${path}`, {
          headers: { cookie: 'cookies=1' },
          ...init,
        });
        return seen(response.status, await response.text(), response.headers);
      };
      const queries = ['iss', 'client_id', 'target_link_uri', 'lti_deployment_id'].map((name) => ({
        ...honest,
        ...(name === 'lti_deployment_id' && { client_id: 'unknown' }),
        [name]: HOSTILE,
      }));
      return Promise.all([
        ...queries.map((query) => ask(`/lti/login?${new URLSearchParams(query).toString()}`)),
        ask('/lti/launch', {
          method: 'POST',
          body: new URLSearchParams({ error: HOSTILE, error_description: HOSTILE, state: HOSTILE }),
        }),
        ask(
          `/lti/login?${new URLSearchParams([
            [HOSTILE, '1'],
            [HOSTILE, '2'],
          ]).toString()}`,
        ),
      ]);
    },
  },
];
