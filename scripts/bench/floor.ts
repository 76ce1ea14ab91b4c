/**
 * The least that a launch can cost: a bare Node server that binds state and nonce in an HMAC cookie, verifies one
 * RS256 token by a KeyObject, checks the claims, writes one durable row (WAL, FULL, one commit for all that wait)
 * and answers with a page of given bytes after one SELECT. A yardstick for `bench:launch`, never a model: it
 * knows one platform, one client and one role.
 *
 *   PORT, ISSUER, FOLDER (its database), PAGE_FILE (JSON: headers and body of the page it answers with)
 */
import { createHash, createHmac, createPublicKey, randomBytes, timingSafeEqual, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Database from 'libsql';

const { PORT = '', ISSUER = '', FOLDER = '', PAGE_FILE = '' } = process.env;
const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim/';
const COOKIE = 'Path=/; HttpOnly; Secure; SameSite=None; Partitioned';
const LOGIN_S = 600;
const SESSION_MS = 8 * 3_600_000;

interface Statement {
  run(...values: unknown[]): { changes: number };
  get(...values: unknown[]): unknown;
  raw(on: boolean): Statement;
}
const database = new (
  Database as unknown as new (file: string) => {
    exec(sql: string): void;
    prepare(sql: string): Statement;
  }
)(`${FOLDER}/floor.db`);
database.exec(`
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;
  CREATE TABLE sessions (id BLOB PRIMARY KEY, state TEXT UNIQUE, data TEXT, expires INTEGER) WITHOUT ROWID;
`);
const insert = database.prepare('INSERT OR IGNORE INTO sessions VALUES (?, ?, ?, ?)');
const select = database.prepare('SELECT data, expires FROM sessions WHERE id = ?').raw(true);

interface Waiting {
  readonly row: unknown[];
  readonly written: (isNew: boolean) => void;
}
let waiting: Waiting[] = [];

function flush(): void {
  const batch = waiting;
  waiting = [];
  database.exec('BEGIN IMMEDIATE');
  const results = batch.map(({ row }) => insert.run(row).changes === 1);
  database.exec('COMMIT');
  batch.forEach(({ written }, index) => written(results[index] === true));
}

const write = (row: unknown[]): Promise<boolean> =>
  new Promise((written) => {
    waiting.push({ row, written });
    if (waiting.length === 1) setImmediate(flush);
  });

const page = JSON.parse(readFileSync(PAGE_FILE, 'utf8')) as { headers: Record<string, string>; body: string };
const pageBody = Buffer.from(page.body);
const pageHeaders = { ...page.headers, 'content-length': String(pageBody.length) };

const secret = randomBytes(32);
const mac = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const token = (): string => randomBytes(24).toString('base64url');

let key: KeyObject | undefined;
async function platformKey(): Promise<KeyObject> {
  if (key === undefined) {
    const { keys } = (await (await fetch(`${ISSUER}/jwks`)).json()) as { keys: Record<string, string>[] };
    key = createPublicKey({ key: keys[0] ?? {}, format: 'jwk' });
  }
  return key;
}

function cookieOf(req: IncomingMessage, name: string): string | undefined {
  const pair = (req.headers.cookie ?? '').split('; ').find((text) => text.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

async function textOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

type Answer = (req: IncomingMessage, res: ServerResponse) => unknown;

const login: Answer = (req, res) => {
  const query = new URLSearchParams(req.url?.slice(req.url.indexOf('?') + 1));
  if (query.get('iss') !== ISSUER) return res.writeHead(400).end();
  const [state, nonce] = [token(), token()];
  const value = `${nonce}.${Date.now() + LOGIN_S * 1000}`;
  const to = new URLSearchParams({
    response_type: 'id_token',
    response_mode: 'form_post',
    scope: 'openid',
    prompt: 'none',
    client_id: 'bench',
    redirect_uri: query.get('target_link_uri') ?? '',
    login_hint: query.get('login_hint') ?? '',
    lti_message_hint: query.get('lti_message_hint') ?? '',
    nonce,
    state,
  });
  const signature = mac(state + value).toString('base64url');
  return res
    .writeHead(302, {
      location: `${ISSUER}/auth?${to.toString()}`,
      'set-cookie': `s${state}=${value}.${signature}; ${COOKIE}; Max-Age=${LOGIN_S}`,
    })
    .end();
};

/** The nonce that this browser's login was given, or null. */
function nonceOf(req: IncomingMessage, state: string): string | null {
  const [nonce, expires, signature] = (cookieOf(req, `s${state}`) ?? '').split('.');
  if (nonce === undefined || expires === undefined || signature === undefined) return null;
  const [given, expected] = [Buffer.from(signature, 'base64url'), mac(`${state}${nonce}.${expires}`)];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return Number(expires) > Date.now() ? nonce : null;
}

const json = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

async function claimsOf(idToken: string, nonce: string): Promise<Record<string, unknown> | null> {
  const [header = '', payload = '', signature = ''] = idToken.split('.');
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('RSA-SHA256', signed, await platformKey(), Buffer.from(signature, 'base64url'))) return null;
  const claims = json(payload);
  const good =
    json(header).alg === 'RS256' &&
    claims.iss === ISSUER &&
    claims.aud === 'bench' &&
    claims.nonce === nonce &&
    Number(claims.exp) > Date.now() / 1000 &&
    claims[`${CLAIM}version`] === '1.3.0';
  return good ? claims : null;
}

const launch: Answer = async (req, res) => {
  const form = new URLSearchParams(await textOf(req));
  const state = form.get('state') ?? '';
  const nonce = nonceOf(req, state);
  const claims = nonce === null ? null : await claimsOf(form.get('id_token') ?? '', nonce);
  if (claims === null) return res.writeHead(403).end();
  const id = token();
  const person = {
    sub: claims.sub,
    name: claims.name,
    course: (claims[`${CLAIM}context`] as { id: string }).id,
    roles: claims[`${CLAIM}roles`],
  };
  if (!(await write([digest(id), state, JSON.stringify(person), Date.now() + SESSION_MS])))
    return res.writeHead(403).end();
  return res.writeHead(303, { location: '/page', 'set-cookie': `sid=${id}; ${COOKIE}` }).end();
};

const show: Answer = (req, res) => {
  const row = select.get([digest(cookieOf(req, 'sid') ?? '')]) as [string, number] | undefined;
  if (row === undefined || row[1] < Date.now()) return res.writeHead(401).end();
  JSON.parse(row[0]);
  return res.writeHead(200, pageHeaders).end(pageBody);
};

const answers: Readonly<Record<string, Answer>> = { '/login': login, '/launch': launch, '/page': show };
createServer((req, res) => {
  const answer = answers[(req.url ?? '').split('?', 1)[0] ?? ''];
  if (answer === undefined) res.writeHead(404).end();
  else answer(req, res);
}).listen(Number(PORT), '127.0.0.1');
