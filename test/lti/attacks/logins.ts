import { createHmac } from 'node:crypto';
import { MINUTE } from '../../../src/shared/clock.js';
import type { Browser } from '../../support/lms.js';
import type { Answer, Attack, Held, Lab } from './lab.js';
import { encoded } from './lab.js';

/** Logins, states and sessions: whose launch it is, and how often it counts. */

const target = (what: string, address: (origin: string) => string): Attack => ({
  name: `login, target_link_uri: ${what}`,
  answer: '400 lti-target',
  run: (lab) => lab.login({ target_link_uri: address(lab.testApp.origin) }),
});

/** Where a redirect would lead the browser. */
async function elsewhere(lab: Lab, path: string, method: 'GET' | 'POST'): Promise<Answer> {
  const response = await fetch(`${lab.testApp.origin}${path}`, {
    method,
    redirect: 'manual',
    ...(method === 'POST' && { body: new URLSearchParams({ id_token: 'x', state: 'y' }) }),
  });
  const location = response.headers.get('location');
  const away = location !== null && new URL(location, lab.testApp.origin).origin !== lab.testApp.origin;
  return away ? `away to ${location}` : 'stays';
}

const doubled = (name: string, params: readonly (readonly [string, string])[], answer: string): Attack => ({
  name: `login with ${name}`,
  answer,
  run: (lab) => {
    const honest = Object.entries(lab.honestLogin()).filter(
      ([key]) => !params.some(([k]) => k.startsWith(`${key}[`)),
    );
    const query = new URLSearchParams([
      ...honest,
      ...params.map(([key, value]): [string, string] => [key, value]),
    ]);
    return lab.send(`/lti/login?${query.toString()}`);
  },
});

const STATE = 'a'.repeat(50);

const PARAMETERS: readonly Attack[] = [
  {
    name: 'state that is no state (ended the process of bare ltijs)',
    answer: '403 lti-state',
    run: (lab) =>
      Promise.all(
        ['a b', 'a;b', '../..', '\u0000', 'ы'.repeat(60), 'f'.repeat(51)].map((state) =>
          lab.send('/lti/launch', { form: new URLSearchParams({ id_token: 'x.y.z', state }).toString() }),
        ),
      ),
  },
  doubled('iss[$regex]', [['iss[$regex]', '.*']], '400 lti-missing-parameter'),
  doubled(
    'client_id[$ne]',
    [
      ['client_id[$ne]', 'x'],
      ['iss[$ne]', 'x'],
    ],
    '400 lti-missing-parameter',
  ),
  doubled('client_id twice', [['client_id', 'second']], '400 lti-doubled-parameter'),
  doubled('iss twice', [['iss', 'https://evil.example']], '400 lti-doubled-parameter'),
  {
    name: 'login with iss in the query and in the body',
    answer: '400 lti-doubled-parameter',
    run: (lab) => lab.send('/lti/login?iss=x', { form: new URLSearchParams(lab.honestLogin()).toString() }),
  },
  {
    name: 'launch with state[$ne], state twice, id_token[]',
    answer: '400',
    run: async (lab) => {
      const bodies = [
        'state[$ne]=x&id_token=a.b.c',
        `state=${STATE}&state=${STATE}&id_token=a.b.c`,
        `state=${STATE}&id_token[]=a.b.c`,
      ];
      const answers = await Promise.all(bodies.map((form) => lab.send('/lti/launch', { form })));
      return answers.map((answer) => answer.slice(0, 3));
    },
  },
  target('another site', () => 'https://evil.example/lti/launch'),
  target('a site that begins like ours', (origin) => `${origin}.evil.example/lti/launch`),
  target('our name as a user', (origin) => `${origin}@evil.example/lti/launch`),
  target('another address of ours', (origin) => `${origin}/other`),
  target('a way up', (origin) => `${origin}/lti/launch/../../x`),
  target('a script', () => 'javascript:alert(1)'),
  target('no scheme', () => '//evil.example'),
  {
    name: 'open redirects by //evil.example/ and its like',
    answer: 'stays',
    run: (lab) =>
      Promise.all(
        [
          '//evil.example/',
          '/lti//evil.example/',
          '/lti/launch//evil.example',
          '/\\evil.example?lang=en',
        ].flatMap((path) => (['GET', 'POST'] as const).map((method) => elsewhere(lab, path, method))),
      ),
  },
  {
    name: 'CORS: another origin asks with credentials',
    answer: 'no rights',
    run: (lab) =>
      Promise.all(
        ['/lti/keys', '/lti/login', '/lti/launch', '/teachers', '/c/x/'].map(async (path) => {
          const { headers } = await fetch(`${lab.testApp.origin}${path}`, {
            headers: { origin: 'https://evil.example' },
          });
          return headers.get('access-control-allow-origin') ?? 'no rights';
        }),
      ),
  },
  {
    name: 'an ltik instead of a session',
    answer: 'refused',
    async run(lab) {
      const claims = { platformUrl: lab.testApp.lms.origin, user: '2', contextId: 'x' };
      const head = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
      const ltik = `${head}.${createHmac('sha256', '').update(head).digest('base64url')}`;
      return Promise.all(
        [`/lti/launch?ltik=${ltik}`, `/lti/?ltik=${ltik}`, `/c/x/?ltik=${ltik}`].map(async (path) => {
          const answer = await lab.send(path, { headers: { authorization: `Bearer ${ltik}` } });
          return answer.startsWith('4') ? 'refused' : answer;
        }),
      );
    },
  },
  {
    name: 'dynamic registration without a link',
    answer: '404 registration-link',
    run: (lab) => lab.send('/lti/register?openid_configuration=http://169.254.169.254/'),
  },
];

/** A browser that keeps the login's cookie, whatever it is told: ltijs asks for it to be forgotten. */
async function twice(lab: Lab, first: (held: Held) => Held['posted']): Promise<Answer> {
  const held = await lab.hold();
  const name = `state${held.posted.state}`;
  const kept = held.browser.cookie(lab.testApp.origin, name) ?? '';
  await lab.post(held.browser, first(held));
  held.browser.setCookie(lab.testApp.origin, `${name}=${kept}; Secure; SameSite=None; Partitioned`);
  return lab.post(held.browser, held.posted);
}

const STATES: readonly Attack[] = [
  {
    name: 'a launch caught on its way, sent from another browser',
    answer: '403 lti-state-cookie',
    async run(lab) {
      const { posted } = await lab.hold();
      return lab.post(lab.another(), posted);
    },
  },
  {
    name: '… and the thief has not used it up',
    answer: '303',
    async run(lab) {
      const { posted, browser } = await lab.hold();
      await lab.post(lab.another(), posted);
      return lab.post(browser, posted);
    },
  },
  {
    name: 'login CSRF: the attacker’s own launch, put into somebody’s browser',
    answer: '403 lti-state-cookie',
    async run(lab) {
      const victim = await lab.hold();
      const attacker = await lab.hold();
      return lab.post(victim.browser, attacker.posted);
    },
  },
  {
    name: 'login CSRF: the attacker’s token under the state of somebody’s own login',
    answer: '403 lti-nonce',
    async run(lab) {
      const victim = await lab.hold();
      const attacker = await lab.hold();
      return lab.post(victim.browser, { ...attacker.posted, state: victim.posted.state! });
    },
  },
  {
    name: 'the login’s cookie, changed',
    answer: '403 lti-state-cookie',
    async run(lab) {
      const { posted, browser } = await lab.hold();
      const name = `state${posted.state}`;
      const value = browser.cookie(lab.testApp.origin, name) ?? '';
      const changed = `${name}=${value.replace(/%22e%22%3A\d/, '%22e%22%3A9')}`;
      browser.setCookie(lab.testApp.origin, `${changed}; Secure; SameSite=None; Partitioned`);
      return lab.post(browser, posted);
    },
  },
  {
    name: 'the login’s cookie, made up without a signature',
    answer: '403 lti-state-cookie',
    async run(lab) {
      const { posted } = await lab.hold();
      const browser = lab.another();
      const login = JSON.stringify({
        n: 'x',
        r: lab.testApp.registration.id,
        i: lab.testApp.lms.origin,
        e: 9e15,
      });
      const cookie = `state${posted.state}=${encodeURIComponent(login)}`;
      browser.setCookie(lab.testApp.origin, `${cookie}; Secure; SameSite=None; Partitioned`);
      return lab.post(browser, posted);
    },
  },
  {
    name: 'the same launch a second time',
    answer: '403 lti-state',
    run: (lab) => twice(lab, ({ posted }) => posted),
  },
  {
    name: 'a launch eleven minutes after its login',
    answer: '403 lti-state',
    async run(lab) {
      const { posted, browser } = await lab.hold();
      lab.testApp.clock.advance(11 * MINUTE);
      return lab.post(browser, posted);
    },
  },
  {
    name: 'a good token after a bad one under the same state',
    answer: '403 lti-state',
    run: (lab) => twice(lab, ({ posted }) => ({ ...posted, id_token: `${posted.id_token}x` })),
  },
];

const visit = async (lab: Lab, key: string, cookie: string): Promise<Answer> =>
  lab.send(`/c/${key}/`, { headers: { cookie: `nastavnik=${cookie}` } });

const SESSIONS: readonly Attack[] = [
  {
    name: 'session fixation: a session id put there beforehand',
    answer: '401 session-needed',
    async run(lab) {
      const browser = lab.another();
      browser.setCookie(
        lab.testApp.origin,
        'nastavnik=s%3Afixed.signature; Secure; SameSite=None; Partitioned',
      );
      const visitor = await lab.testApp.launch({ person: '101', course: '2', browser });
      return visit(lab, visitor.key!, 's%3Afixed.signature');
    },
  },
  {
    name: 'session fixation: the attacker’s own real session, put there beforehand',
    answer: '401 session-needed',
    async run(lab) {
      const attacker = await lab.testApp.launch({ person: '103', course: '2' });
      const fixed = attacker.browser.cookie(lab.testApp.origin, 'nastavnik') ?? '';
      const browser = lab.another();
      browser.setCookie(lab.testApp.origin, `nastavnik=${fixed}; Secure; SameSite=None; Partitioned`);
      await lab.testApp.launch({ person: '101', course: '2', browser });
      return visit(lab, attacker.key!, fixed);
    },
  },
];

export const LOGINS: readonly Attack[] = [...PARAMETERS, ...STATES, ...SESSIONS];

/** The very same launch many times at once, spread over these origins. @returns how many of each answer */
export async function manyTimes(
  { browser, posted }: Held,
  send: (browser: Browser, posted: Held['posted'], origin: string) => Promise<Answer>,
  origins: readonly string[],
  times: number,
): Promise<Answer> {
  const answers = await Promise.all(
    Array.from({ length: times }, (_, at) => send(browser, posted, origins[at % origins.length]!)),
  );
  const counts = new Map<Answer, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts]
    .map(([answer, count]) => `${count} × ${answer}`)
    .sort()
    .join(', ');
}
