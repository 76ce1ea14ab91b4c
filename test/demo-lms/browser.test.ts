import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { formsOf } from '../../scripts/demo-lms/forms.js';
import { Browser } from '../support/lms.js';

describe('test browser', () => {
  let server: Server;
  let port: number;
  const cookies = [
    'lax=1; SameSite=Lax; Path=/',
    'strict=1; SameSite=Strict; Path=/',
    'none=1; SameSite=None; Secure; Path=/',
    'partitioned=1; SameSite=None; Secure; Partitioned; Path=/',
    'below=1; SameSite=Lax; Path=/below',
    'gone=1; Max-Age=0',
  ];
  before(async () => {
    server = createServer((req, res) => {
      if (req.url === '/set') res.setHeader('set-cookie', cookies);
      if (req.url === '/see-other') res.writeHead(303, { location: '/echo' });
      if (req.url === '/temporary') res.writeHead(307, { location: '/echo' });
      if (req.url === '/round') res.writeHead(302, { location: '/round' });
      res.end(`${req.method ?? ''} ${req.headers.cookie ?? ''}`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });

  const url = (path: string) => `http://localhost:${port}${path}`;
  const other = 'http://127.0.0.1:1';
  const sent = async (browser: Browser, from?: string, method: 'GET' | 'POST' = 'GET') => {
    const { text } = await browser.request(url('/echo'), { method, ...(from !== undefined && { from }) });
    return [...text.matchAll(/(\w+)=1/g)].map(([, name]) => name);
  };

  it('sends its own site everything, and others what SameSite allows', async () => {
    const browser = new Browser();
    await browser.get(url('/set'));
    expect(browser.cookieNames(url('/'))).to.not.include('gone');
    expect(await sent(browser)).to.deep.equal(['lax', 'strict', 'none', 'partitioned']);
    expect(await sent(browser, other)).to.deep.equal(['lax', 'none', 'partitioned']);
    expect(await sent(browser, other, 'POST')).to.deep.equal(['none', 'partitioned']);
  });

  it('keeps in a frame of another site only what is made for it', async () => {
    const kept = async (thirdParty?: 'partitioned' | 'allowed' | 'blocked') => {
      const browser = new Browser({ framedBy: other, ...(thirdParty !== undefined && { thirdParty }) });
      await browser.get(url('/set'));
      return sent(browser, url('/'));
    };
    expect(await kept()).to.deep.equal(['partitioned']);
    expect(await kept('allowed')).to.deep.equal(['none', 'partitioned']);
    expect(await kept('blocked')).to.deep.equal([]);
  });

  it('treats a frame of its own site as itself', async () => {
    const browser = new Browser({ framedBy: `http://localhost:1` });
    await browser.get(url('/set'));
    expect(await sent(browser)).to.include('strict');
    expect(await sent(browser, other)).to.deep.equal(['none', 'partitioned']);
  });

  it('follows redirects as browsers do, not for ever', async () => {
    const browser = new Browser();
    const seeOther = await browser.post(url('/see-other'), { a: '1' });
    expect(seeOther.text).to.match(/^GET/);
    expect(seeOther.passed).to.deep.equal([url('/see-other'), url('/echo')]);
    expect((await browser.post(url('/temporary'), { a: '1' })).text).to.match(/^POST/);
    expect((await browser.post(url('/see-other'), {}, { follow: false })).status).to.equal(303);
    const error = await browser.get(url('/round')).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(Error).with.property('message').that.contains('more than 10 redirects');
  });

  it('reads forms', () => {
    const page = `<form action='/a?b=1&amp;c=2' METHOD=post><input type="hidden" name="x" value="&quot;&#39;&#x3c;&amp;">
      <input name=y value=2><input type="checkbox" name="z" value="1"><input type="submit" name="s">
      <textarea name="t">\nодин &lt; два</textarea></form><form><input name="q"></form>`;
    expect(formsOf(page, 'http://example.org/p/')).to.deep.equal([
      {
        action: 'http://example.org/a?b=1&c=2',
        method: 'post',
        fields: { x: '"\'<&', y: '2', t: 'один < два' },
      },
      { action: 'http://example.org/p/', method: 'get', fields: { q: '' } },
    ]);
  });
});
