import { expect } from 'chai';
import express from 'express';
import { createWebServer, type WebServer } from '../../src/web/server.js';
import { listening } from '../support/listening.js';

describe('the web server', () => {
  let web: WebServer;
  let origin: string;

  beforeEach(async () => {
    web = createWebServer();
    origin = await listening(web.server);
  });

  afterEach(() => {
    web.server.closeAllConnections();
    web.server.close();
  });

  it('answers 503 until it has an app', async () => {
    expect((await fetch(origin)).status).to.equal(503);
    const app = express();
    app.get('/', (_req, res) => res.json({ here: true }));
    web.serve(app);
    expect(await (await fetch(origin)).json()).to.deep.equal({ here: true });
  });

  it('constructs requests and responses with the prototypes that Express gives them', async () => {
    const app = express();
    web.serve(app);
    const seen: object[] = [];
    web.server.prependListener('request', (req, res) => {
      seen.push(Object.getPrototypeOf(req) as object, Object.getPrototypeOf(res) as object);
    });
    app.get('/', (req, res) => {
      seen.push(Object.getPrototypeOf(req) as object, Object.getPrototypeOf(res) as object);
      res.json({ ip: req.ip, app: req.app === app });
    });
    expect(await (await fetch(origin)).json()).to.deep.equal({ ip: '127.0.0.1', app: true });
    expect(seen).to.deep.equal([app.request, app.response, app.request, app.response]);
    expect(seen[0]).to.equal(seen[2]);
    expect(seen[1]).to.equal(seen[3]);
  });

  it('keeps what an app has added to its own kind of response', async () => {
    const app = express();
    // eslint-disable-next-line @typescript-eslint/unbound-method -- applied to the response below
    const { writeHead } = app.response;
    app.response.writeHead = function (this: express.Response, ...args: Parameters<typeof writeHead>) {
      this.setHeader('x-added', '1');
      return writeHead.apply(this, args);
    } as typeof writeHead;
    web.serve(app);
    expect((await fetch(origin)).headers.get('x-added')).to.equal('1');
  });
});
