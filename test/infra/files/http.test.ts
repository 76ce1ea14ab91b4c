import { expect } from 'chai';
import express from 'express';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import request from 'supertest';
import { filesRouter, uploadedFiles, uploads, type FileRecord } from '../../../src/infra/files/index.js';
import { DomainError } from '../../../src/shared/errors.js';
import { listening } from '../../support/listening.js';
import { newFile, startFilesLab, type FilesLab } from './lab.js';

const MEGABYTE = 1024 * 1024;

/** Two routes before which forms are read: one takes files, one does not. */
function appOf(lab: FilesLab): express.Express {
  const app = express();
  app.use(uploads(() => [{ path: /^\/upload$/, field: 'file', maxFiles: 1, maxBytes: MEGABYTE }]));
  app.post('/upload', (req, res) => {
    const body = { ...(req.body as Record<string, unknown>) };
    res.json({ body, files: uploadedFiles(req).map(({ name, size }) => ({ name, size })) });
  });
  app.post('/other', (_req, res) => res.json({}));
  app.use('/files', filesRouter(lab.files, 'open'));
  app.use(((error: unknown, _req, res, _next) => {
    const { code, status } = error instanceof DomainError ? error : { code: String(error), status: 500 };
    res.status(status).json({ code });
  }) satisfies express.ErrorRequestHandler);
  return app;
}

describe('files over HTTP', () => {
  let lab: FilesLab;
  let server: Server;
  let origin: string;
  let file: FileRecord;
  before(async () => {
    lab = await startFilesLab();
    server = createServer(appOf(lab));
    origin = await listening(server);
    file = await lab.files.store(newFile('0123456789', { name: 'план.txt' }));
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await lab.close();
  });

  const get = (headers: Record<string, string> = {}, id = file.id, method = 'GET'): Promise<Response> =>
    fetch(`${origin}/files/${id}`, { headers, method });

  it('are sent whole, under their names, and run nothing', async () => {
    const answer = await get();
    expect(answer.status).to.equal(200);
    expect(Object.fromEntries(answer.headers)).to.include({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': '10',
      'content-disposition': `inline; filename="____.txt"; filename*=UTF-8''%D0%BF%D0%BB%D0%B0%D0%BD.txt`,
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
    });
    expect(answer.headers.get('content-security-policy')).to.match(/default-src 'none'.*sandbox/);
    expect(await answer.text()).to.equal('0123456789');
    const head = await get({}, file.id, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).to.deep.equal([200, '10']);
    expect((await get({}, 'unknown-id')).status).to.equal(404);
  });

  for (const [range, status, text, contentRange] of [
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=5-100', 206, '56789', 'bytes 5-9/10'],
    ['bytes=10-', 416, '', 'bytes */10'],
    ['bytes=1-2,4-5', 200, '0123456789', null],
    ['lines=1-2', 200, '0123456789', null],
    ['bytes=a-b', 200, '0123456789', null],
  ] as const) {
    it(`answers ${status} to the range ${range}`, async () => {
      const answer = await get({ range });
      expect(answer.status).to.equal(status);
      expect(answer.headers.get('content-range')).to.equal(contentRange);
      expect(await answer.text()).to.equal(text);
    });
  }

  it('are not sent again to a reader who has them, and whole when the part belongs to another content', async () => {
    const etag = (await get()).headers.get('etag') ?? '';
    // `fetch` would ask for a copy that no cache has kept.
    await request(origin).get(`/files/${file.id}`).set('if-none-match', etag).expect(304);
    expect((await get({ range: 'bytes=1-2', 'if-range': etag })).status).to.equal(206);
    expect((await get({ range: 'bytes=1-2', 'if-range': '"other"' })).status).to.equal(200);
  });

  it('are saved rather than shown when a browser could run them', async () => {
    const svg = await lab.files.store(
      newFile('<svg/>', { type: 'image/svg+xml', name: 'a.svg', owner: { kind: 'thing', id: 'open' } }),
    );
    const answer = await get({}, svg.id);
    expect(answer.headers.get('content-disposition')).to.match(/^attachment;/);
  });

  it('answer 404 when their bytes are gone', async () => {
    const gone = await lab.files.store(newFile('x', { owner: { kind: 'thing', id: 'open' } }));
    await lab.files.bytes.remove(gone.id);
    expect((await get({}, gone.id)).status).to.equal(404);
  });

  const form = (size: number, name = 'план.txt', field = 'file'): FormData => {
    const data = new FormData();
    data.append('csrf', 'token');
    data.append(field, new Blob([Buffer.alloc(size, 65)]), name);
    return data;
  };
  const post = async (body: string | FormData, to = '/upload', headers: Record<string, string> = {}) => {
    const answer = await fetch(origin + to, { method: 'POST', body, headers });
    return { status: answer.status, ...((await answer.json()) as object) };
  };

  it('arrive with the fields of their form and their names as they are', async () => {
    expect(await post(form(3))).to.deep.equal({
      status: 200,
      body: { csrf: 'token' },
      files: [{ name: 'план.txt', size: 3 }],
    });
    const without = new FormData();
    without.append('csrf', 'token');
    expect(await post(without)).to.deep.include({ status: 200, files: [] });
  });

  it('are refused when too large, too many, under another field or at another address', async () => {
    expect(await post(form(MEGABYTE + 1))).to.deep.equal({ status: 413, code: 'file-too-large' });
    const two = form(1);
    two.append('file', new Blob(['x']), 'b.txt');
    expect(await post(two)).to.deep.equal({ status: 400, code: 'too-many-files' });
    expect(await post(form(1, 'a', 'other'))).to.deep.equal({ status: 400, code: 'bad-upload' });
    expect(await post(form(1), '/other')).to.deep.equal({ status: 415, code: 'wrong-content-type' });
  });

  it('are refused when the form breaks off or has no boundary, and the server goes on', async () => {
    const boundary = 'multipart/form-data; boundary=x';
    const half = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf';
    expect(await post(half, '/upload', { 'content-type': boundary })).to.include({
      status: 400,
      code: 'bad-upload',
    });
    expect(await post(half, '/upload', { 'content-type': 'multipart/form-data' })).to.include({
      status: 400,
    });
    await new Promise<void>((resolve) => {
      const { port } = new URL(origin);
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: ${boundary}\r\nContent-Length: 9999\r\n\r\n${half}`,
        );
        socket.end();
        socket.resume();
      });
      socket.once('close', () => resolve());
    });
    expect(await post(form(3))).to.include({ status: 200 });
  });
});
