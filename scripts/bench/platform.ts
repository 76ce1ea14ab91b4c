/** The LMS side of benchmarks: keys, claims, a gradebook, and a client that launches as a browser would. */
import { createServer, request, Agent, type IncomingHttpHeaders } from 'node:http';
import { generateKeyPairSync, createSign, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export interface Platform {
  readonly issuer: string;
  close(): void;
}

/**
 * Serves the key set, access tokens, and a gradebook that takes every score.
 * @param onScore is told who has which score, once it is taken
 */
export async function startPlatform(
  onScore?: (userId: string, scoreGiven: number) => void,
): Promise<Platform> {
  const jwks = JSON.stringify({
    keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }],
  });
  const token = JSON.stringify({ access_token: 't', token_type: 'Bearer', expires_in: 3600 });
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      res.setHeader('content-type', 'application/json');
      if (req.url?.includes('/scores') === true) {
        const score = JSON.parse(Buffer.concat(chunks).toString()) as { userId: string; scoreGiven: number };
        onScore?.(score.userId, score.scoreGiven);
        res.end('{}');
      } else {
        res.end(req.url === '/token' ? token : jwks);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What both tools are asked to take in: a student's launch with everything a Moodle sends. */
function idToken(issuer: string, target: string, nonce: string, user: number, role: string): string {
  const claim = 'https://purl.imsglobal.org/spec/lti/claim/';
  const now = Math.floor(Date.now() / 1000);
  const signed = `${encode({ typ: 'JWT', alg: 'RS256', kid: 'k' })}.${encode({
    iss: issuer,
    aud: 'bench',
    sub: String(user),
    iat: now,
    exp: now + 60,
    nonce,
    name: 'Иван Алексеевич Иванов',
    given_name: 'Иван Алексеевич',
    family_name: 'Иванов',
    email: 'student@example.org',
    [`${claim}message_type`]: 'LtiResourceLinkRequest',
    [`${claim}version`]: '1.3.0',
    [`${claim}deployment_id`]: '1',
    [`${claim}target_link_uri`]: target,
    [`${claim}resource_link`]: { id: '7', title: 'Консультации' },
    [`${claim}context`]: { id: '2', label: 'МА-1', title: 'Математический анализ', type: ['CourseSection'] },
    [`${claim}roles`]: [`http://purl.imsglobal.org/vocab/lis/v2/membership#${role}`],
    [`${claim}custom`]: { middle_name: '', tz: '99', groups: '1' },
    [`${claim}launch_presentation`]: {
      locale: 'ru',
      document_target: 'iframe',
      return_url: `${issuer}/return?sesskey=x`,
    },
    [`${claim}tool_platform`]: {
      product_family_code: 'moodle',
      version: '2023112400',
      guid: 'g',
      name: 'lab',
    },
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
      scope: ['https://purl.imsglobal.org/spec/lti-ags/scope/score'],
      lineitems: `${issuer}/2/lineitems?type_id=1`,
      lineitem: `${issuer}/2/lineitems/13/lineitem?type_id=1`,
    },
    'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
      context_memberships_url: `${issuer}/2/memberships`,
      service_versions: ['1.0', '2.0'],
    },
  })}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

// Servers close what is idle for five seconds; a request on such a connection would fail.
const agent = new Agent({ keepAlive: true, maxSockets: 64, timeout: 3_000 });

/** @param accept what the client wants to be answered with */
export function send(
  url: URL,
  cookie: string,
  form?: URLSearchParams,
  accept = 'text/html',
): Promise<Answer> {
  const body = form?.toString();
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        agent,
        method: body === undefined ? 'GET' : 'POST',
        // localhost may mean ::1 first; the tools listen on 127.0.0.1.
        family: 4,
        headers: {
          accept,
          'accept-language': 'ru',
          ...(cookie !== '' && { cookie }),
          ...(body !== undefined && {
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': Buffer.byteLength(body),
          }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const jar = (answer: Answer, before = ''): string =>
  [before, ...(answer.headers['set-cookie'] ?? []).map((header) => header.split(';')[0] ?? '')]
    .filter((header) => header !== '' && !header.endsWith('='))
    .join('; ');

export interface Target {
  readonly origin: string;
  readonly login: string;
  readonly launch: string;
}

/** Where a launch ended, to come back to. */
export interface Arrived {
  readonly url: URL;
  readonly cookie: string;
}

/**
 * Login, launch and first page, as three requests of one browser.
 * @throws Error when a step does not go as it must
 */
export async function launch(
  issuer: string,
  target: Target,
  user: number,
  role: 'Learner' | 'Instructor' = 'Learner',
): Promise<Arrived> {
  const login = await send(
    new URL(
      `${target.login}?${new URLSearchParams({
        iss: issuer,
        client_id: 'bench',
        login_hint: String(user),
        lti_message_hint: randomBytes(8).toString('hex'),
        target_link_uri: target.launch,
        lti_deployment_id: '1',
      }).toString()}`,
    ),
    // A browser that has been here before; ours asks a new one once whether it keeps cookies.
    'cookies=1',
  );
  if (login.status !== 302) throw new Error(`login: ${login.status} ${login.body}`);
  const asked = new URL(login.headers.location ?? '').searchParams;
  const posted = await send(
    new URL(target.launch),
    jar(login),
    new URLSearchParams({
      id_token: idToken(issuer, target.launch, asked.get('nonce') ?? '', user, role),
      state: asked.get('state') ?? '',
    }),
  );
  if (posted.status !== 302 && posted.status !== 303)
    throw new Error(`launch: ${posted.status} ${posted.body}`);
  const url = new URL(posted.headers.location ?? '', target.origin);
  const cookie = jar(posted);
  const page = await send(url, cookie);
  if (page.status !== 200) throw new Error(`first page: ${page.status} ${page.body}`);
  return { url, cookie };
}
