import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { dataOf, launchAs, makeAssociation, makeCard, namesIn } from './support.js';

const NASTY = `<b>"О'Коннор" & Ко</b> 🎈`;

describe('directory: the open pages', function () {
  this.timeout(120_000);
  let testApp: TestApp;
  let manager: Visitor;
  let open: Visitor;

  before(async () => {
    testApp = await startTestApp();
    manager = await launchAs(testApp, 'methodist', '3');
    open = testApp.anonymous();
    const natural = await makeAssociation(manager, {
      title: 'Естественные науки',
      description: 'Опыты\nи поля',
    });
    const shown = { visibility: 'public', consent: true };
    for (const [surname, givenName, subjects] of [
      ['Яшин', 'Лев', ['Химия']],
      ['Ёлкин', 'Семён', ['Биология']],
      ['Елисеева', 'Анна', ['Физика']],
      ['Жуков', 'Артём', ['Общая биология', 'Химия']],
      ['Елкина', 'Вера', []],
    ] as const) {
      const associations = surname === 'Ёлкин' || surname === 'Жуков' ? [natural] : [];
      await makeCard(manager, { ...shown, surname, givenName, subjects, associations });
    }
  });
  after(() => testApp.close());

  const list = async (query: string): Promise<string[]> => namesIn(await dataOf(open, `/teachers${query}`));

  it('sorts by the Russian alphabet, ё beside е', async () => {
    expect(await list('')).to.deep.equal([
      'Елисеева Анна',
      'Ёлкин Семён',
      'Елкина Вера',
      'Жуков Артём',
      'Яшин Лев',
    ]);
  });

  it('finds by any part of the name and the subject, in any letter case, ё as е', async () => {
    expect(await list('?q=ЕЛК')).to.deep.equal(['Ёлкин Семён', 'Елкина Вера']);
    expect(await list(`?q=${encodeURIComponent('ёлк сем')}`)).to.deep.equal(['Ёлкин Семён']);
    expect(await list('?q=биол')).to.deep.equal(['Ёлкин Семён', 'Жуков Артём']);
    expect(await list('?q=биол хим')).to.deep.equal(['Жуков Артём']);
    expect(await list('?q=артем')).to.deep.equal(['Жуков Артём']);
    expect(await list('?q=нет такого')).to.deep.equal([]);
    // What means something to a regular expression is text here.
    for (const q of ['.*', '(', '[а-я]', '\\', '$', '^е', 'а|б']) {
      expect(await list(`?q=${encodeURIComponent(q)}`), q).to.deep.equal([]);
    }
  });

  it('filters by association, together with the search', async () => {
    expect(await list('?association=estestvennye-nauki')).to.deep.equal(['Ёлкин Семён', 'Жуков Артём']);
    expect(await list('?association=estestvennye-nauki&q=хим')).to.deep.equal(['Жуков Артём']);
    const page = await open.get('/associations/estestvennye-nauki');
    expect(page.body).to.include('Опыты\nи поля').and.include('Жуков Артём').and.not.include('Яшин');
  });

  it('works without a session and without JavaScript, sets no cookie, and may be kept and indexed', async () => {
    for (const path of [
      '/teachers',
      '/associations',
      '/responsible',
      '/teachers/elkin-semen',
      '/programmes',
      '/materials',
      '/faq',
      '/',
    ]) {
      const page = await open.get(path);
      expect(page.status, path).to.equal(200);
      expect(page.headers.get('cache-control')).to.equal('public, no-cache');
      expect(page.headers.get('set-cookie')).to.equal(null);
      expect(page.headers.get('etag')).to.be.a('string');
      expect(page.headers.get('vary')).to.match(/Accept\b.*Accept-Language.*Cookie/);
      expect(page.headers.get('x-robots-tag')).to.equal(null);
      expect(page.headers.get('content-security-policy'))
        .to.include("script-src 'self'")
        .and.include("frame-ancestors 'none'")
        .and.not.include('nonce');
      expect(page.body).to.not.match(/nonce|csrf|robots|<form[^>]+post/);
      expect(page.body).to.match(/<body +data-open/);
      expect(page.body).to.include(`<link rel="canonical" href="${testApp.origin}${path}">`);
      expect(page.body).to.match(/<meta name="description" content="[^"]{20,}">/);
      expect(page.body).to.match(
        path === '/' ? /<title>Наставник<\/title>/ : /<title>[^<]+ · Наставник<\/title>/,
      );
    }
  });

  it('answers 304 for a current ETag, and a new page after a change', async () => {
    const first = await open.get('/teachers');
    const etag = first.headers.get('etag')!;
    // As browsers ask; fetch by itself would forbid answers from a cache.
    const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
    const again = await open.get('/teachers', { headers });
    expect(again.status).to.equal(304);
    expect(again.body).to.equal('');
    await makeCard(manager, { surname: 'Юдин', visibility: 'public', consent: true });
    const changed = await open.get('/teachers', { headers });
    expect(changed.status).to.equal(200);
    expect(changed.headers.get('etag')).to.not.equal(etag);
  });

  it('answers HEAD as GET, without a body', async () => {
    for (const path of [
      '/teachers',
      '/associations',
      '/responsible',
      '/teachers/elkin-semen',
      '/teachers/nobody',
    ]) {
      const url = `${testApp.origin}${path}`;
      const [head, get] = await Promise.all([fetch(url, { method: 'HEAD' }), fetch(url)]);
      expect(head.status, path).to.equal(get.status);
      expect(await head.text()).to.equal('');
      for (const name of ['content-type', 'cache-control', 'content-length']) {
        expect(head.headers.get(name), name).to.equal(get.headers.get(name));
      }
    }
  });

  it('forbids caching of errors', async () => {
    for (const path of ['/teachers/nobody', '/teachers?page=0', '/no/such']) {
      const page = await open.get(path);
      expect(page.status, path).to.be.within(400, 499);
      expect(page.headers.get('cache-control'), path).to.equal('no-store');
    }
  });

  it('malformed, doubled, foreign and huge parameters get a clear answer that names the field', async () => {
    const table: readonly (readonly [string, number, string?])[] = [
      ['?q=' + 'а'.repeat(101), 400, 'q'],
      ['?q=a&q=b', 400, 'q'],
      ['?page=0', 400, 'page'],
      ['?page=-1', 400, 'page'],
      ['?page=1.5', 400, 'page'],
      ['?page=abc', 400, 'page'],
      ['?page=1&page=2', 400, 'page'],
      ['?page=99999999999999999999', 400, 'page'],
      ['?page=2', 404],
      ['?association=no-such-one', 404],
      ['?association=../etc', 400, 'association'],
      ['?association=a&association=b', 400, 'association'],
      ['/teachers/' + 'a'.repeat(5000), 404],
      ['/teachers/%00', 404],
      ['/teachers/ELKIN-SEMEN', 404],
      ['/teachers/%E0%A4%A', 400],
      ['/teachers/__proto__', 404],
      ['/associations/nothing', 404],
      ['/associations/estestvennye-nauki?page=7', 404],
      ['/responsible/more', 404],
      ['/mine', 404],
      ['/my-teachers', 404],
      ['/new-teacher', 404],
      ['/teachers/elkin-semen/edit', 404],
    ];
    for (const [path, status, field] of table) {
      const reply = await open.json('GET', path.startsWith('?') ? `/teachers${path}` : path);
      expect(reply.status, path).to.equal(status);
      const problem = reply.data as { title: string; fields?: object };
      expect(problem.title, path).to.be.a('string').and.not.empty;
      if (field !== undefined) expect(problem.fields, path).to.have.property(field);
    }
    const gone = await open.get('/teachers/gone');
    expect(gone.body, 'a page that is gone leads on').to.match(/<main[^]*<a href="\/">На главную страницу/);
    // Parameters of others, such as marks of advertising, change nothing.
    expect((await open.get('/teachers?utm_source=x&utm_source=y&q[a]=b')).status).to.equal(200);
  });

  it('changes nothing for anybody', async () => {
    for (const path of [
      '/teachers',
      '/associations',
      '/teachers/elkin-semen',
      '/teachers/elkin-semen/remove',
    ]) {
      const reply = await open.json('POST', path, { surname: 'Чужой' });
      expect(reply.status, path).to.equal(404);
    }
    expect(await list('?q=чужой')).to.deep.equal([]);
  });

  it('shows names and texts as text, wherever they stand', async () => {
    const association = await makeAssociation(manager, { title: NASTY, description: NASTY });
    const long = 'Щ'.repeat(300);
    const slug = await makeCard(manager, {
      surname: NASTY,
      givenName: long,
      position: NASTY,
      subjects: [NASTY],
      associations: [association],
      responsible: ['director'],
      about: `</script><script>alert(1)</script>${NASTY}`,
      aboutVisibility: 'public',
      hours: NASTY,
      hoursVisibility: 'public',
      visibility: 'public',
      consent: true,
    });
    const paths = [
      `/teachers?q=${encodeURIComponent(NASTY)}`,
      '/associations',
      `/associations/${association}`,
      '/responsible',
      `/teachers/${slug}`,
    ];
    for (const path of paths) {
      const { status, body } = await open.get(path);
      expect(status, path).to.equal(200);
      expect(body, path).to.include('&lt;b&gt;&#34;О&#39;Коннор&#34; &amp; Ко&lt;/b&gt; 🎈');
      expect(body, path).to.not.match(/<b>|alert\(1\)<\/script>\S/);
    }
    const { body } = await open.get(`/teachers/${slug}`);
    expect(body).to.include(long);
    // JSON-LD is one block that ends where it should, and still reads as JSON.
    const block = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(body)?.[1];
    expect(JSON.parse(block!)).to.include({ '@type': 'Person', familyName: NASTY });
  });

  it('contacts open their app without a referrer and are not followed', async () => {
    const slug = await makeCard(manager, {
      surname: 'Контактов',
      visibility: 'public',
      telephone: '8 (900) 123-45-67 доб. 5',
      telephoneVisibility: 'public',
      email: 'k@example.org',
      emailVisibility: 'public',
      telegram: '@kontaktov',
      telegramVisibility: 'public',
      consent: 'on',
    });
    const { body } = await open.get(`/teachers/${slug}`);
    expect(body).to.include('href="tel:+79001234567;ext=5"').and.include('+7 900 123-45-67, доб. 5');
    expect(body).to.include('href="mailto:k@example.org"').and.include('href="https://t.me/kontaktov"');
    const links = body.match(/<a\s+href="(?:tel|mailto|https):[^>]+>/g)!;
    expect(links).to.have.length(3);
    for (const link of links) expect(link).to.include('rel="nofollow noopener noreferrer"');
  });

  it('pages through long lists, and each page has its address', async () => {
    const term = 'Массовый';
    for (let number = 0; number < 31; number += 1) {
      await makeCard(manager, { surname: term, givenName: 'И', visibility: 'public', consent: true });
    }
    const first = await open.get(`/teachers?q=${term}`);
    expect(first.body).to.include('Найдено: 31').and.include('rel="next"').and.include('noindex');
    expect(await list(`?q=${term}&page=2`)).to.have.length(1);
    expect((await open.get(`/teachers?q=${term}&page=3`)).status).to.equal(404);
    const all = await open.get('/teachers?page=2');
    expect(all.body).to.include(`<link rel="canonical" href="${testApp.origin}/teachers?page=2">`);
  });

  it('speaks the language that the browser asks for, and remembers a choice only when one is made', async () => {
    const english = testApp.anonymous({ acceptLanguage: 'en-GB,en;q=0.9' });
    expect((await english.get('/teachers')).body)
      .to.include('<html lang="en">')
      .and.include('Find');
    const chosen = await open.get('/directory?lang=en', { follow: false });
    expect(chosen.status).to.equal(303);
    expect((await open.get('/teachers')).body).to.include('<html lang="en">');
  });
});
