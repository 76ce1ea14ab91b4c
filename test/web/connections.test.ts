import { expect } from 'chai';
import express from 'express';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { CONNECTION_LIMITS, type ConnectionLimits } from '../../src/web/connections.js';
import { createWebServer, type WebServer } from '../../src/web/server.js';
import { listening } from '../support/listening.js';

const HEAD = 'POST /body HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n';

/** RFC 9110, 15.5.9; OWASP ASVS 4.0.3, 11.1.4: slow clients. */
describe('slow connections', () => {
  let web: WebServer;
  let origin: string;
  let sockets: Socket[] = [];
  let crowded = 0;
  const answering: express.Response[] = [];

  let limits: ConnectionLimits;

  beforeEach(async () => {
    crowded = 0;
    web = createWebServer(limits, () => (crowded += 1));
    origin = await listening(web.server);
    const app = express();
    app.get('/', (_req, res) => res.send('here'));
    app.get('/slow', (_req, res) => void answering.push(res));
    app.post('/body', express.text({ type: () => true }), (req, res) => res.send(String(req.body)));
    app.use(((_error, _req, res, next) => {
      if (res.headersSent) next(_error);
      else res.status(400).end();
    }) as express.ErrorRequestHandler);
    web.serve(app);
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    answering.length = 0;
    web.server.closeAllConnections();
    web.server.close();
  });

  const open = async (text = ''): Promise<Socket> => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (text !== '') socket.write(text);
    return socket;
  };
  /** What the server said until it closed the connection. */
  const said = async (socket: Socket): Promise<string> => {
    let text = '';
    socket.on('data', (part: Buffer) => (text += part.toString()));
    await once(socket, 'close');
    return text;
  };

  describe('of clients that are late', () => {
    before(() => {
      limits = { ...CONNECTION_LIMITS, headers: 150, body: 150, check: 20 };
    });

    it('that send no whole headers end with 408', async () => {
      expect(await said(await open('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '))).to.match(/^HTTP\/1.1 408 /);
    });

    it('that send nothing at all are closed', async () => {
      await said(await open());
    });

    it('that send no whole body end with 408', async () => {
      expect(await said(await open(`${HEAD}\r\nhalf`))).to.match(/^HTTP\/1.1 408 /);
    });

    it('that upload files have more time', async () => {
      const socket = await open(HEAD.replace('text/plain', 'multipart/form-data; boundary=x') + '\r\nhalf');
      setTimeout(() => socket.write('other'), 300);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).to.match(/^HTTP\/1.1 200 /);
    });
  });

  describe('above the cap', () => {
    before(() => {
      limits = { ...CONNECTION_LIMITS, most: 8 };
    });

    it('give way to new ones, the longest idle first', async () => {
      const first = await open();
      const closed = once(first, 'close');
      for (let at = 0; at < 7; at += 1) await open();
      expect(crowded).to.equal(0);
      expect(await (await fetch(origin)).text()).to.equal('here');
      await closed;
      expect(crowded).to.equal(1);
    });

    it('do not end requests that are being answered: then new connections are refused', async () => {
      for (let at = 0; at < 8; at += 1) await open('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
      while (answering.length < 8) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await said(await open('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))).to.equal('');
      const [answer, other] = answering;
      const answered = once(sockets[0]!, 'data');
      answer!.send('done');
      expect(String(((await answered) as [Buffer])[0])).to.contain('done');
      expect(await (await fetch(origin)).text(), 'an idle one gives way').to.equal('here');
      expect(other!.socket?.destroyed).to.equal(false);
    });
  });
});
