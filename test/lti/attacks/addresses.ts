import { connect } from 'node:net';
import type { Attack, Lab } from './lab.js';

/** Requests that are written otherwise than a browser writes them. */

/** Byte for byte, as no client of ours would send it. */
function raw(lab: Lab, line: string, headers: readonly string[] = []): Promise<string> {
  const { port, host } = new URL(lab.testApp.origin);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => (text += part));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
    const own = headers.some((header) => /^host:/i.test(header)) ? [] : [`Host: ${host}`];
    socket.end([`${line} HTTP/1.1`, ...own, 'Connection: close', ...headers, '', ''].join('\r\n'));
  });
}

const statusOf = (text: string): string => /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 'no answer';

/** A course's page or the administrator's, by a name that a guard might not know. */
const byName = (path: (key: string) => string): Attack => ({
  name: `without a session: GET ${path('KEY')}`,
  answer: 'shows nothing',
  async run(lab) {
    const { key } = await lab.testApp.launch({ person: '11', course: '2' });
    const text = await raw(lab, `GET ${path(key!)}`);
    const location = /^location: (.*)$/im.exec(text)?.[1]?.trim() ?? '';
    const inside = /href="\/admin\/audit"|data-course|Соколова/.test(text);
    const away = location !== '' && !location.startsWith('/admin/login');
    const status = statusOf(text);
    return !inside && !away && /^(303|4\d\d)$/.test(status) ? 'shows nothing' : `${status} ${location}`;
  },
});

/** What a page says of where it is must be what was configured, not what a visitor claims. */
const claimedHost = (headers: readonly string[]): Attack => ({
  name: `another host’s name: ${headers.join(', ')}`,
  answer: 'leads nowhere else',
  async run(lab) {
    const paths = [
      '/',
      '/teachers',
      '/teachers?lang=en',
      '/admin/login',
      '/lti/login?iss=x',
      '/no/such/page',
    ];
    const login = `/lti/login?${new URLSearchParams(lab.honestLogin()).toString()}`;
    return Promise.all(
      [...paths, login].map(async (path) => {
        const text = await raw(lab, `GET ${path}`, headers);
        const [head = ''] = text.split('\r\n\r\n');
        const led =
          /(?:href|action|src|content)="[^"]*evil\.example/.test(text) || head.includes('evil.example');
        return led ? `${path} leads to evil.example` : 'leads nowhere else';
      }),
    );
  },
});

export const ADDRESSES: readonly Attack[] = [
  ...[
    (key: string) => `/c/${key}/`,
    (key: string) => `/C/${key}/tests`,
    (key: string) => `//c/${key}/`,
    (key: string) => `/c/${key}%2fgrades`,
    (key: string) => `/c/${key}/..;/people`,
    (key: string) => `/assets/..%2fc/${key}/`,
    (key: string) => `/teachers/../c/${key}/people/`,
    (key: string) => `http://evil.example/c/${key}/`,
    () => '/ADMIN/platforms',
    () => '/admin//platforms',
    () => '/%61dmin/platforms',
    () => '/admin%2fplatforms',
    () => '/admin/..;/admin/platforms',
    () => '/admin/login/../platforms',
    () => '/lti/../admin/platforms',
  ].map(byName),
  claimedHost(['Host: evil.example']),
  claimedHost(['X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: https']),
  claimedHost(['Forwarded: host=evil.example;proto=https']),
  claimedHost(['X-Original-URL: //evil.example/', 'X-Rewrite-URL: //evil.example/']),
  {
    name: 'a launch by GET, HEAD, PUT, and by POST that calls itself GET',
    answer: '405 lti-method',
    run: (lab) =>
      Promise.all(
        ['GET', 'PUT', 'PATCH', 'DELETE'].map((method) =>
          lab.send('/lti/launch?state=x&id_token=y', {
            method,
            headers: { 'x-http-method-override': 'POST' },
          }),
        ),
      ),
  },
];
