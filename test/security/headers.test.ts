import { expect } from 'chai';
import request from 'supertest';
import { startTestApp, Visitor, type TestApp } from '../support/test-app.js';
import { routesOf } from '../support/routes.js';

/**
 * Headers of every address there is, found or not, with a session and without. Numbers are those of OWASP
 * ASVS 4.0.3. A route that is added is looked at without being named here.
 */
describe('security: headers of every address', function () {
  this.timeout(120_000);
  let testApp: TestApp;
  let answers: (readonly [address: string, status: number, headers: Headers, body: string])[] = [];

  before(async () => {
    testApp = await startTestApp();
    const teacher = await testApp.launch({ person: '11', course: '2' });
    const nobody = testApp.anonymous();
    const paths = routesOf(testApp.app.express)
      .filter((route) => /^(GET|\*) /.test(route))
      .map((route) => route.replace(/^\S+ /, '').replace(':courseKey', teacher.key!))
      .map((path) => path.replaceAll(/:\w+/g, 'x').replaceAll(/[{}*]/g, ''));
    const wanted = ['/', '/no/such/page', '/assets/nastavnik.js', '/robots.txt', ...new Set(paths)];
    for (const visitor of [teacher, nobody]) {
      for (const path of wanted) {
        const { status, headers, body } = await visitor.get(path, { follow: false });
        answers.push([`${visitor === nobody ? 'nobody' : 'teacher'} ${path}`, status, headers, body]);
      }
    }
  });
  after(() => testApp.close());

  it('let other sites show the icon, and nothing else', async () => {
    const of = async (path: string) =>
      (await testApp.anonymous().get(path)).headers.get('cross-origin-resource-policy');
    expect(await of('/assets/icon.svg')).to.equal('cross-origin');
    expect(await of('/assets/nastavnik.js')).to.equal('same-origin');
  });

  const each = (check: (headers: Headers, what: string, body: string) => void, only?: RegExp): void => {
    // A redirect is never shown.
    const looked = answers.filter(
      ([, , headers]) =>
        only === undefined || (!headers.has('location') && only.test(headers.get('content-type') ?? '')),
    );
    expect(looked.length, 'how many were looked at').to.be.above(only === undefined ? 60 : 20);
    for (const [address, status, headers, body] of looked) check(headers, `${address} (${status})`, body);
  };
  /** Two lines for watchmen, above every header that is set. */
  const guarded = () => {
    answers = answers.filter(([address]) => !/\/(healthz|readyz)$/.test(address));
  };
  before(guarded);

  it('14.4.1: content type and charset are set', () => {
    each((headers, what) => {
      if (headers.has('location')) return;
      expect(headers.get('content-type'), what).to.match(
        /^(text\/(html|plain|css|javascript)|application\/((problem|feed)\+)?json|application\/(rss\+)?xml|text\/vcard); charset=utf-8$|^image\//i,
      );
    });
  });

  it('14.4.3: a page runs only this tool’s scripts and styles', () => {
    each((headers, what) => {
      const csp = headers.get('content-security-policy') ?? '';
      expect(csp, what).to.match(/^default-src 'none'/);
      expect(csp, what).not.to.match(/unsafe-|\*|https?:\/\/(?!127\.0\.0\.1)/);
      expect(csp, what).to.match(/script-src '(self|nonce-[\w-]{20,})'(;|$)/);
      for (const directive of [
        "style-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "connect-src 'self'",
      ])
        expect(csp, what).to.contain(directive);
    }, /^text\/html/);
  });

  it('14.4.3: every script is a file of this tool or carries the page’s nonce', () => {
    each((headers, what, body) => {
      const nonce = /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')?.[1];
      for (const [tag] of body.matchAll(/<script\b[^>]*>/g)) {
        if (tag.includes('application/ld+json')) continue;
        if (nonce === undefined) expect(tag, what).to.match(/src="\/assets\//);
        else expect(tag, what).to.contain(`nonce="${nonce}"`);
      }
      expect(body, what).not.to.match(/<style|\sstyle="|\son[a-z]+="/);
    }, /^text\/html/);
  });

  it('14.4.3: every nonce is unique', () => {
    const nonces = answers.flatMap(([, , headers]) =>
      [...(headers.get('content-security-policy') ?? '').matchAll(/'nonce-([^']+)'/g)].map(
        ([, nonce]) => nonce,
      ),
    );
    expect(nonces.length).to.be.above(20);
    expect(new Set(nonces).size).to.equal(nonces.length);
  });

  it('14.4.4: nosniff is set', () => {
    each((headers, what) => {
      expect(headers.get('x-content-type-options'), what).to.equal('nosniff');
    });
  });

  it('14.4.5: HSTS is set under https', async () => {
    const secure = await startTestApp({ env: { PUBLIC_URL: 'https://tool.example.org' } });
    try {
      for (const path of ['/teachers', '/admin', '/c/x/', '/lti/login', '/assets/nastavnik.js', '/none']) {
        const { headers } = await request(secure.app.express).get(path);
        expect(headers['strict-transport-security'], path).to.match(/^max-age=31536000\b/);
      }
    } finally {
      await secure.close();
    }
  });

  it('14.4.6: other sites get no path in Referer', () => {
    each((headers, what) => {
      expect(headers.get('referrer-policy'), what).to.equal('strict-origin-when-cross-origin');
    });
  });

  it('14.4.7: only registered LMSs may frame a page', () => {
    each((headers, what) => {
      const ancestors = /frame-ancestors ([^;]*)/.exec(headers.get('content-security-policy') ?? '')?.[1];
      const known = ["'none'", `'self' ${testApp.lms.origin}`];
      expect(known, `${what}: ${String(ancestors)}`).to.include(ancestors);
      if (what.includes(' /admin')) expect(ancestors, what).to.equal("'none'");
    }, /^text\/html/);
  });

  it('14.3.3: no header names the software', () => {
    each((headers, what) => {
      for (const name of ['x-powered-by', 'server', 'x-aspnet-version', 'via']) {
        expect(headers.get(name), `${what}: ${name}`).to.equal(null);
      }
    });
  });

  it('14.5.3: CORS allows no other origin', () => {
    each((headers, what) => {
      expect(headers.get('access-control-allow-origin'), what).to.equal(null);
    });
  });

  it('8.1.1, 8.2.1: everything but public pages is no-store', () => {
    each((headers, what) => {
      if (
        / \/(?:(?:teachers|associations|programmes|responsible|materials|faq|sveden|embed|feed\.|sitemap|directory|assets|robots\.txt|lti\/keys)|\(|$| )/.test(
          what,
        )
      )
        return;
      expect(headers.get('cache-control'), what).to.equal('no-store');
    });
  });

  it('3.4.1, 3.4.2, 3.4.3: cookies are Secure, HttpOnly and Partitioned', async () => {
    const { launchLink } = await import('../support/lms.js');
    const launched = await launchLink(testApp.lms, { person: '11', course: '2', follow: false });
    const admin = await testApp.anonymous().get('/admin/login');
    const set = [...launched.response.headers.getSetCookie(), ...admin.headers.getSetCookie()].filter(
      (cookie) => !cookie.includes('Expires=Thu, 01 Jan 1970'),
    );
    expect(set.map((cookie) => cookie.split('=')[0])).to.include.members(['nastavnik', 'nastavnik_admin']);
    for (const cookie of set) {
      expect(cookie).to.contain('; HttpOnly').and.to.contain('; Secure');
      expect(cookie).to.match(/; SameSite=(None; Partitioned|Lax)/);
    }
  });

  it('a permissions policy denies access to the visitor’s devices', () => {
    each((headers, what) => {
      const policy = headers.get('permissions-policy') ?? '';
      for (const right of ['camera', 'microphone', 'geolocation', 'payment', 'usb']) {
        expect(policy, what).to.contain(`${right}=()`);
      }
    });
  });

  it('robots.txt allows only the directory', async () => {
    const { status, body } = await new Visitor(testApp.origin, testApp.anonymous().browser, null, null).get(
      '/robots.txt',
    );
    expect(status).to.equal(200);
    expect(body.split('\n')).to.include.members(['User-agent: *', 'Disallow: /', 'Allow: /teachers']);
  });
});
