import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listening } from '../../support/listening.js';

export const S3_KEY = 'test-key';
export const S3_SECRET = 'test secret, which is not sent';

export interface FakeS3 {
  /** With the bucket. */
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** Objects in an answer to a listing. */
  pageSize: number;
  close(): Promise<void>;
}

/**
 * A small S3 storage with one bucket in memory: put, get, ranges, head, delete and list version 2. It accepts a
 * request only if its Signature Version 4 is right.
 */
export async function startFakeS3(): Promise<FakeS3> {
  const objects = new Map<string, Buffer>();
  const server = createServer((req, res) => {
    void respond(req, res, fake).catch(() => res.destroy());
  });
  const origin = await listening(server);
  const fake: FakeS3 = {
    endpoint: `${origin}/bucket`,
    objects,
    pageSize: 1000,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}

async function respond(req: IncomingMessage, res: ServerResponse, fake: FakeS3): Promise<void> {
  const body = await bodyOf(req);
  const url = new URL(req.url ?? '/', 'http://s3');
  const fail = (status: number, code: string): void => {
    res.writeHead(status, { 'content-type': 'application/xml' });
    res.end(req.method === 'HEAD' ? '' : `<Error><Code>${code}</Code><Message>no</Message></Error>`);
  };
  if (!signatureIsRight(req, url)) {
    fail(403, 'SignatureDoesNotMatch');
    return;
  }
  const [, bucket, key = ''] = url.pathname.split('/').map(decodeURIComponent);
  if (bucket !== 'bucket') {
    fail(404, 'NoSuchBucket');
    return;
  }
  if (key === '') {
    list(req, res, url, fake);
    return;
  }
  const object = fake.objects.get(key);
  switch (req.method) {
    case 'PUT':
      // As real ones do: a body of unknown length is refused.
      if (req.headers['content-length'] === undefined) {
        fail(411, 'MissingContentLength');
        return;
      }
      fake.objects.set(key, body);
      res.writeHead(200, { etag: '"x"' }).end();
      return;
    case 'DELETE':
      fake.objects.delete(key);
      res.writeHead(204).end();
      return;
    default:
      if (object === undefined) {
        fail(404, 'NoSuchKey');
        return;
      }
      send(req, res, object);
  }
}

function send(req: IncomingMessage, res: ServerResponse, object: Buffer): void {
  const range = /^bytes=(\d+)-(\d+)$/.exec(req.headers.range ?? '');
  const part = range ? object.subarray(Number(range[1]), Number(range[2]) + 1) : object;
  res.writeHead(range ? 206 : 200, { 'content-length': part.length });
  res.end(req.method === 'HEAD' ? undefined : part);
}

function list(req: IncomingMessage, res: ServerResponse, url: URL, { objects, pageSize }: FakeS3): void {
  if (req.method === 'HEAD') {
    res.writeHead(200).end();
    return;
  }
  const after = url.searchParams.get('continuation-token') ?? '';
  const left = [...objects.keys()].sort().filter((key) => key > after);
  const shown = left.slice(0, pageSize);
  const contents = shown.map(
    (key) =>
      `<Contents><Key>${key}</Key><LastModified>${new Date().toISOString()}</LastModified>` +
      `<ETag>"x"</ETag><Size>${objects.get(key)?.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const next =
    left.length > shown.length ? `<NextContinuationToken>${shown.at(-1)}</NextContinuationToken>` : '';
  res.writeHead(200, { 'content-type': 'application/xml' });
  res.end(
    `<?xml version="1.0"?><ListBucketResult><Name>bucket</Name><KeyCount>${shown.length}</KeyCount>` +
      `<IsTruncated>${next !== ''}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
  );
}

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureIsRight(req: IncomingMessage, url: URL): boolean {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      req.headers.authorization ?? '',
    );
  if (parts === null) return false;
  const [, key, day = '', region = '', names = '', signature = ''] = parts;
  const headers = names.split(';');
  if (key !== S3_KEY || !headers.includes('host')) return false;
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const canonical = [
    req.method,
    url.pathname,
    query,
    ...headers.map((name) => `${name}:${String(req.headers[name] ?? '').trim()}`),
    '',
    names,
    req.headers['x-amz-content-sha256'],
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', req.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const signingKey = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    Buffer.from(`AWS4${S3_SECRET}`),
  );
  return timingSafeEqual(Buffer.from(signature, 'hex'), hmac(signingKey, text));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
