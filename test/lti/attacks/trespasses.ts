import { generateKeyPairSync } from 'node:crypto';
import { launchSelection } from '../../support/lms.js';
import { Visitor } from '../../support/test-app.js';
import { comeAs } from '../../features/consultations/fixtures.js';
import { signed, type Answer, type Attack, type Lab } from './lab.js';

/** A person with a session tries to act in another course, or as another person. */

const TEACHER = { person: '11', course: '2' } as const;

/** Comes to choose content. @returns who came, and the address of the choice below their course */
export async function choosing(lab: Lab, person: string, course = '2') {
  const { browser, response } = await launchSelection(lab.testApp.lms, { person, course });
  const [, key = '', request = ''] = /\/c\/(\w+)\/(deep-linking\/[\w-]+)/.exec(response.url) ?? [];
  return { visitor: new Visitor(lab.testApp.origin, browser, key, response), request };
}

/** That page, and both of its buttons. */
async function chooses(visitor: Visitor, request: string): Promise<Answer[]> {
  const answers = [
    await visitor.json('GET', request),
    await visitor.json('POST', request, { chosen: ['directory:home'] }),
    await visitor.json('POST', `${request}/cancel`),
  ];
  return answers.map(({ status, data }) => `${status} ${(data as { code?: string }).code ?? ''}`.trim());
}

const CHOICES: readonly Attack[] = [
  {
    name: 'another teacher’s Deep Linking request, in the same course',
    answer: '404 deep-linking-over',
    async run(lab) {
      const { request } = await choosing(lab, '11');
      const beside = await comeAs(lab.testApp, 'methodist', { person: '3', course: '2' });
      const elsewhere = await lab.testApp.launch({ person: '15', course: '3' });
      return [...(await chooses(beside, request)), ...(await chooses(elsewhere, request))];
    },
  },
  {
    name: 'the own Deep Linking request, in another course',
    answer: '404 deep-linking-over',
    async run(lab) {
      lab.testApp.lms.control.enrol('3', '11', 'teacher');
      const { request } = await choosing(lab, '11');
      return chooses(await lab.testApp.launch({ person: '11', course: '3' }), request);
    },
  },
  {
    name: 'a teacher’s Deep Linking request, by a student of the course',
    answer: '403 forbidden',
    async run(lab) {
      const { request } = await choosing(lab, '11');
      return chooses(await lab.testApp.launch({ person: '101', course: '2' }), request);
    },
  },
  {
    name: 'a Deep Linking request, by its teacher who looks as a student',
    answer: '403',
    async run(lab) {
      const { visitor, request } = await choosing(lab, '11');
      await visitor.json('POST', 'view-as', { person: '' });
      return (await chooses(visitor, request)).map((answer) => answer.slice(0, 3));
    },
  },
];

/** What a teacher who views as a student may try in order to act as a teacher. */
const looking = (name: string, answer: Answer, act: (visitor: Visitor) => Promise<Answer>): Attack => ({
  name: `looking as a student: ${name}`,
  answer,
  async run(lab) {
    const visitor = await lab.testApp.launch(TEACHER);
    await visitor.json('POST', 'view-as', { person: '' });
    const got = await act(visitor);
    const left = await visitor.json('POST', 'view-as/leave');
    return left.status === 303 ? got : `${got}, and looks no more`;
  },
});

const codeOf = ({ status, data }: { status: number; data: unknown }): Answer =>
  `${status} ${(data as { code?: string } | null)?.code ?? ''}`.trim();

const LOOKING: readonly Attack[] = [
  ...[
    'view-as/leave/',
    'view-as//leave',
    'VIEW-AS/LEAVE',
    'view-as/%6ceave',
    'view-as/leave/../../tests',
  ].map((path) =>
    looking(`POST ${path}`, '403', async (visitor) => (await visitor.json('POST', path)).status.toString()),
  ),
  looking('a change by PUT', '403 viewing-only', async (visitor) =>
    codeOf(
      await visitor.json(
        'PUT',
        'tests/5f0000000000000000000001/attempts/5f0000000000000000000002/answers/1',
        {},
      ),
    ),
  ),
  looking('a change by GET with X-HTTP-Method-Override', 'reads only', async (visitor) => {
    const { status, body } = await visitor.get('view-as', { headers: { 'x-http-method-override': 'POST' } });
    return status === 403 && body.includes('forbidden') ? 'reads only' : String(status);
  }),
  looking('the pages of those who teach', '403 forbidden', async (visitor) => {
    const answers = await Promise.all(
      ['people/', 'view-as', 'tests/new'].map(async (path) => codeOf(await visitor.json('GET', path))),
    );
    return [...new Set(answers)].join(' | ');
  }),
];

const other = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A second platform, whose key has the very id of the first one's. */
async function twin(lab: Lab, kid: string) {
  const jwk = { ...other.publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
  const origin = await lab.serve((_req, res) => res.end(JSON.stringify({ keys: [jwk] })));
  return lab.secondClient(`${origin}/jwks`);
}

const PLATFORMS: readonly Attack[] = [
  {
    name: 'a key of the same kid at two platforms: each verifies its own alone',
    answer: '403 lti-token-refused',
    async run(lab) {
      let link: string | undefined;
      // Both sets are in memory before anybody cheats.
      const own = await lab.launch({
        forge: async ({ jwt, header }) => {
          ({ link } = await twin(lab, String(header.kid)));
          return jwt;
        },
      });
      const theirs = await lab.launch({
        link: link!,
        forge: ({ header, claims }) => signed(header, claims, other.privateKey),
      });
      if (own !== '303' || theirs !== '303') return `honest: ${own}, ${theirs}`;
      return Promise.all([
        lab.launch({ forge: ({ header, claims }) => signed(header, claims, other.privateKey) }),
        lab.launch({ link: link! }),
      ]);
    },
  },
  {
    name: 'a session of one platform, in a course of another',
    answer: '401 session-needed',
    async run(lab) {
      const { link } = await lab.secondClient();
      const here = await lab.testApp.launch({ person: '101', course: '2' });
      const there = await lab.testApp.launch({ ...TEACHER, link });
      const enter = (visitor: Visitor, key: string): Promise<Answer> =>
        visitor.json('GET', `/c/${key}/`).then(codeOf);
      return Promise.all([enter(here, there.key!), enter(there, here.key!)]);
    },
  },
  {
    name: 'a token of one platform with the form token of another',
    answer: '403 csrf',
    async run(lab) {
      const { link } = await lab.secondClient();
      const here = await lab.testApp.launch(TEACHER);
      const there = await lab.testApp.launch({ ...TEACHER, link, browser: here.browser });
      const answers = await Promise.all([
        here.submit('grades/again', {}, { csrf: await there.csrf() }),
        there.submit('grades/again', {}, { csrf: await here.csrf() }),
      ]);
      return answers.map(({ status, body }) => (body.includes('csrf') ? `${status} csrf` : String(status)));
    },
  },
];

export const TRESPASSES: readonly Attack[] = [...CHOICES, ...LOOKING, ...PLATFORMS];
