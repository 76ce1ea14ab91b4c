import { expect } from 'chai';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createOutbound, OutboundError, type Outbound } from '../../src/lti/transport/outbound.js';
import { listening } from '../support/listening.js';

/** The reason of the OutboundError that a call fails with. */
async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof OutboundError) return error.reason;
    throw error;
  }
  return 'nothing';
}

describe('outbound requests', () => {
  const servers: Server[] = [];
  const open = createOutbound({ allowPrivateNetwork: true });
  const closed = createOutbound({ allowPrivateNetwork: false });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    return listening(server);
  }

  after(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    await Promise.all([open.close(), closed.close()]);
  });

  const privates = [
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://10.1.2.3/',
    'https://192.168.0.1/',
    'https://172.16.9.9/',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://0.0.0.0/',
    'https://100.64.0.1/',
    'https://localhost/',
    'https://lms.localhost/',
    'https://printer.local/',
    'https://2130706433/',
    'https://0x7f.1/',
  ];
  for (const url of privates) {
    it(`refuses the private address ${url}`, async () => {
      expect(await reasonOf(closed.send({ url }))).to.equal('private-address');
    });
  }

  it('refuses a public-looking name that resolves to a private address', async function () {
    // Every machine's hosts file has this; where it does not, there is nothing to show.
    const { lookup } = await import('node:dns/promises');
    const { hostname } = await import('node:os');
    const found = await lookup(hostname()).catch(() => null);
    if (found === null || hostname().toLowerCase() === 'localhost') this.skip();
    expect(await reasonOf(closed.send({ url: `https://${hostname()}/`, timeoutMs: 3_000 }))).to.equal(
      'private-address',
    );
  });

  for (const url of [
    'http://example.org/',
    'ftp://example.org/',
    'javascript:alert(1)',
    '//example.org',
    '',
    'https://u:p@example.org/',
  ]) {
    it(`refuses the address ${url || '(empty)'}`, async () => {
      expect(await reasonOf(closed.send({ url }))).to.equal('bad-address');
    });
  }

  it('does not follow redirects', async () => {
    let visits = 0;
    const elsewhere = await serve((_req, res) => {
      visits += 1;
      res.end('secret');
    });
    const url = await serve((_req, res) => res.writeHead(302, { location: elsewhere }).end());
    expect((await open.send({ url })).status).to.equal(302);
    expect(visits).to.equal(0);
  });

  it('fails with timeout when headers or body are slow', async () => {
    const silent = await serve(() => undefined);
    const dripping = await serve((_req, res) => res.writeHead(200).write('{'));
    const send = (outbound: Outbound, url: string) => reasonOf(outbound.send({ url, timeoutMs: 150 }));
    expect(await send(open, silent)).to.equal('timeout');
    expect(await send(open, dripping)).to.equal('timeout');
  });

  it('fails with too-large above the maximum size', async () => {
    const url = await serve((_req, res) => res.end('x'.repeat(5_000)));
    expect(await reasonOf(open.send({ url, maxBytes: 4_999 }))).to.equal('too-large');
    expect((await open.send({ url, maxBytes: 5_000 })).body).to.have.length(5_000);
  });

  it('fails with network when the connection is refused or broken', async () => {
    const url = await serve((req) => req.socket.destroy());
    expect(await reasonOf(open.send({ url }))).to.equal('network');
    expect(await reasonOf(open.send({ url: 'http://127.0.0.1:1/' }))).to.equal('network');
  });
});
