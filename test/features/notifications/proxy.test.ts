import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { ChannelError } from '../../../src/features/notifications/channels/channel-error.js';
import { max } from '../../../src/features/notifications/channels/max.js';
import { CERTIFICATE, PRIVATE_KEY } from './own-certificate.js';

const MESSAGE = {
  ...{ key: 'booking-reminder:1:2', title: 'Напоминание', text: 'Алгебра, 15:00' },
  ...{ url: 'https://tool.example.org/c/key/', buttons: [], locale: 'ru' as const },
} as const;

/** A provider behind a certificate of its own authority, and a proxy on the way to it. */
describe('a messenger that is reached in another way', () => {
  const taken: string[] = [];
  const asked: { readonly to: string; readonly authorization: string }[] = [];
  let provider: Server;
  let proxy: Server;

  const listen = async (server: Server): Promise<Server> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  };
  const addressOf = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = (config: Record<string, string>): Promise<void> =>
    max.send(MESSAGE, '77', { baseUrl: `https://${addressOf(provider)}`, token: 'token', ...config });
  const refusal = (config: Record<string, string>): Promise<string> =>
    send(config).then(
      () => '',
      (error: unknown) => (error instanceof ChannelError && error.retryable ? error.message : String(error)),
    );

  before(async () => {
    provider = await listen(
      createSecureServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, (req, res) => {
        taken.push(req.url ?? '');
        req.resume();
        res.setHeader('content-type', 'application/json');
        res.end(JSON.stringify({ message: { body: { mid: 'mid.1' } } }));
      }),
    );
    proxy = await listen(createServer());
    proxy.on('connect', ({ url = '', headers }, socket) => {
      asked.push({ to: url, authorization: headers['proxy-authorization'] ?? '' });
      const [host = '', port] = url.split(':');
      const onward = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
    });
  });
  after(() => {
    for (const server of [provider, proxy]) {
      server.close();
      server.closeAllConnections();
    }
  });

  it('is trusted with the certificate that the administrator entered, and not without', async () => {
    expect(await refusal({})).to.match(/^127\.0\.0\.1:\d+ cannot be reached \(\w*SELF_SIGNED\w*\)$/);
    expect(taken).to.deep.equal([]);
    await send({ ca: CERTIFICATE });
    expect(taken).to.have.length(1);
    expect(asked, 'without a proxy').to.deep.equal([]);
  });

  it('is reached through the proxy that the administrator entered', async () => {
    await send({ ca: CERTIFICATE, proxy: `http://user:secret@${addressOf(proxy)}` });
    expect(taken).to.have.length(2);
    const authorization = `Basic ${Buffer.from('user:secret').toString('base64')}`;
    expect(asked).to.deep.equal([{ to: addressOf(provider), authorization }]);
  });

  it('waits for a proxy that is down, whose password stands in no error', async () => {
    const words = await refusal({ ca: CERTIFICATE, proxy: 'http://user:secret@127.0.0.1:9' });
    expect(words).to.contain('cannot be reached').and.to.not.contain('secret');
    expect(taken).to.have.length(2);
  });
});
