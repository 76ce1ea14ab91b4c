import { expect } from 'chai';
import ICAL from 'ical.js';
import { DAY } from '../../../src/shared/clock.js';
import { Browser } from '../../support/lms.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { expectDone, book, offer } from '../consultations/fixtures.js';
import { makeStaff } from './organisation.js';
import { dataOf, launchAs, makeAssociation, makeCard, namesIn, versionOf } from './support.js';

describe('directory: the open site', function () {
  this.timeout(120_000);
  let testApp: TestApp;
  let manager: Visitor;
  let open: Visitor;
  let slug: string;

  before(async () => {
    testApp = await startTestApp();
    manager = await launchAs(testApp, 'methodist', '3');
    open = testApp.anonymous();
    const association = await makeAssociation(manager, { title: 'Математика и информатика' });
    slug = await makeCard(manager, {
      surname: "О'Нил",
      givenName: 'Шон',
      position: 'Преподаватель, доцент',
      subjects: ['Английский язык'],
      visibility: 'public',
      education: [{ level: 'master', speciality: 'Филология', qualification: 'магистр' }],
      training: [
        { title: 'Свежий курс', place: 'ИРО', finishedOn: '2026-03-14' },
        { title: 'Давний курс', place: '', finishedOn: '2015-03-14' },
      ],
      experienceSince: '2010-09-01',
      programmes: ['Английский для старших'],
      contacts: [
        {
          kind: 'telephone',
          value: '8 (900) 123-45-67 доб. 5',
          purpose: 'administration',
          hours: 'пн 9–12',
          visibility: 'public',
        },
        { kind: 'email', value: 'sean@example.org', purpose: 'individual', visibility: 'public' },
        { kind: 'vk', value: 'sean_vk', purpose: 'group', visibility: 'public' },
        { kind: 'whatsapp', value: '8 900 555-44-33', visibility: 'public' },
      ],
      consent: true,
    });
    await makeCard(manager, {
      surname: 'Ёлкина',
      givenName: 'Вера',
      associations: [association],
      visibility: 'public',
      consent: true,
    });
  });
  after(() => testApp.close());

  const list = async (q: string): Promise<string[]> =>
    namesIn(await dataOf(open, `/teachers?q=${encodeURIComponent(q)}`));

  it("finds Елкина for Ёлкина, о’нил for О'Нил, and people by the title of their association", async () => {
    expect(await list('Елкина')).to.deep.equal(['Ёлкина Вера']);
    for (const q of ['о’нил', "О'НИЛ", 'онил', 'нил шон'])
      expect(await list(q), q).to.deep.equal(["О'Нил Шон"]);
    expect(await list('математика')).to.deep.equal(['Ёлкина Вера']);
    expect(await list('вера информ')).to.deep.equal(['Ёлкина Вера']);
  });

  it('shows what a contact is for and when it is answered, in the order of the card', async () => {
    const { body } = await open.get(`/teachers/${slug}`);
    expect(body)
      .to.include('связь с администрацией')
      .and.include('пн 9–12')
      .and.include('индивидуальные консультации')
      .and.include('href="tel:+79001234567;ext=5"');
    expect(body.indexOf('tel:+7900')).to.be.below(body.indexOf('mailto:'));
  });

  it('kinds of Meta are off until the centre turns them on, and then carry the notice', async () => {
    expect((await open.get(`/teachers/${slug}`)).body).to.not.match(/wa\.me|экстремистской/);
    await testApp.app.features.directory.site.change({ kinds: ['telephone', 'whatsapp'] });
    const { body } = await open.get(`/teachers/${slug}`);
    expect(body).to.include('https://wa.me/79005554433').and.include('признана экстремистской');
    expect(body).to.not.include('vk.com/sean_vk');
    await testApp.app.features.directory.site.change({ kinds: ['telephone', 'email', 'vk'] });
  });

  it('counts experience by itself and publishes further training of the last three years', async () => {
    const { body } = await open.get(`/teachers/${slug}`);
    const years = testApp.clock.now().getUTCFullYear() - 2010;
    expect(body).to.match(new RegExp(`${years - 1} |${years} `));
    expect(body).to.include('Свежий курс').and.not.include('Давний курс');
    expect(body).to.include('Высшее, магистратура: Филология; магистр');
  });

  it('names a teacher in the case that a heading needs, by rule or as the card says', async () => {
    const made = await makeCard(manager, {
      ...{ surname: 'Бонч-Бруевич', givenName: 'Пётр', patronymic: 'Ильич' },
      ...{ visibility: 'public', consent: true },
    });
    const manage = async (fields: object): Promise<void> => {
      const version = await versionOf(manager, made);
      const saved = await manager.json('POST', `directory/teachers/${made}`, { version, ...fields });
      expect(saved.status, JSON.stringify(saved.data)).to.equal(303);
    };
    const heading = async (): Promise<string> =>
      /<h2>(Материалы[^<]*)<\/h2>/.exec((await manager.get(`directory/teachers/${made}`)).body)?.[1] ?? '';
    expect(await heading()).to.equal('Материалы Бонч-Бруевича Петра Ильича');
    await manage({ genitive: 'Бонч-Бруевича Петра Ильича (мл.)' });
    expect(await heading()).to.equal('Материалы Бонч-Бруевича Петра Ильича (мл.)');
    await manage({ genitive: '', patronymic: '' });
    expect(await heading()).to.equal('Материалы');
    const form = await manager.get(`directory/teachers/${slug}/edit`);
    expect(form.body).to.include('Имя в падежах');
  });

  it('a withdrawn consent hides the contact at once, also from a reader with an old ETag', async () => {
    const first = await open.get(`/teachers/${slug}`);
    expect(first.headers.get('cache-control')).to.equal('public, no-cache');
    const etag = first.headers.get('etag')!;
    const { rows } = await dataOf<{ rows: { contacts: { id: string; kind: string }[] } }>(
      manager,
      `directory/teachers/${slug}/edit`,
    );
    const { id } = rows.contacts.find(({ kind }) => kind === 'email')!;
    expect((await manager.get(`directory/teachers/${slug}/edit`)).body).to.include(`value="${id}"`);
    const done = await manager.submit(`directory/teachers/${slug}/withdraw`, { contact: id });
    expect(done.url).to.include('done=directory.withdrawn');
    const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
    const again = await open.get(`/teachers/${slug}`, { headers });
    expect(again.status).to.equal(200);
    expect(again.body).to.not.include('sean@example.org');
    const { kept } = await dataOf<{ kept: { journal: { what: string; closed: string[] }[] } }>(
      manager,
      `directory/teachers/${slug}/edit`,
    );
    expect(kept.journal[0]).to.deep.include({ what: 'withdrawn', closed: ['email'] });
  });

  it('writes vCard 4 and 3 that other programs read, with what the reader may see', async () => {
    for (const [query, version] of [
      ['', '4.0'],
      ['?version=3', '3.0'],
    ] as const) {
      const reply = await open.get(`/teachers/${slug}/card.vcf${query}`);
      expect(reply.headers.get('content-type')).to.equal('text/vcard; charset=utf-8');
      const parsed = ICAL.parse(reply.body) as unknown[];
      const card = new ICAL.Component(parsed);
      expect(card.getFirstPropertyValue('version')).to.equal(version);
      expect(card.getFirstPropertyValue('fn')).to.equal("О'Нил Шон");
      expect(card.getFirstPropertyValue('title')).to.equal('Преподаватель, доцент');
      expect(String(card.getFirstPropertyValue('tel'))).to.include('+79001234567');
      for (const line of reply.body.split('\r\n')) expect(Buffer.byteLength(line)).to.be.at.most(75);
      expect(reply.body).to.not.include('sean@example.org');
    }
  });

  it('draws a QR code of the page, and a card to print with it', async () => {
    const code = await open.get(`/teachers/${slug}/qr.svg`);
    expect(code.headers.get('content-type')).to.match(/^image\/svg\+xml/);
    expect(code.body).to.match(/^<svg/).and.not.include('<script');
    const page = await open.get(`/teachers/${slug}/print`);
    expect(page.body).to.include(`/teachers/${slug}/qr.svg`).and.include('noindex');
  });

  it('lists programmes with their teachers', async () => {
    const { body } = await open.get('/programmes');
    expect(body).to.include('Английский для старших').and.include(`/teachers/${slug}`);
  });

  it('tells search engines and other sites: JSON-LD, Open Graph, languages, sitemap, feeds, an embedded list', async () => {
    const { body } = await open.get(`/teachers/${slug}`);
    expect(body).to.include('property="og:title"').and.include('content="profile"');
    expect(body).to.include(`hreflang="en" href="${testApp.origin}/teachers/${slug}?hl=en"`);
    expect(body).to.match(/application\/ld\+json">[^<]*"@type":"Person"/);
    const english = await open.get(`/teachers/${slug}?hl=en`);
    expect(english.body)
      .to.include('<html lang="en"')
      .and.include(`rel="canonical" href="${testApp.origin}/teachers/${slug}?hl=en"`);
    expect(english.headers.get('set-cookie')).to.equal(null);
    const map = await open.get('/sitemap.xml');
    for (const path of [`/teachers/${slug}`, '/responsible', '/sveden/employees'])
      expect(map.body).to.include(`<loc>${testApp.origin}${path}</loc>`);
    await manager.json('POST', `directory/teachers/${slug}/materials`, {
      kind: 'text',
      title: 'Слова & <фразы>',
      text: 'text',
      audience: 'public',
    });
    const feed = JSON.parse((await open.get('/feed.json')).body) as { version: string; items: object[] };
    expect(feed.version).to.equal('https://jsonfeed.org/version/1.1');
    expect(feed.items).to.have.length(1);
    expect((await open.get('/feed.rss')).body).to.include('<title>Слова &amp; &lt;фразы&gt;</title>');
    const embedded = await open.get('/embed/teachers');
    expect(embedded.body).to.include('О&#39;Нил').and.not.include('<script');
    // More than a page of the list has.
    for (let number = 0; number < 31; number += 1)
      await manager.json('POST', `directory/teachers/${slug}/materials`, {
        ...{ kind: 'text', title: `Материал ${number}`, text: 'text', audience: 'public' },
      });
    const whole = (await open.get('/sitemap.xml')).body;
    expect(whole.match(/<loc>[^<]*\/materials\/[^<]+<\/loc>/g)).to.have.length(32);
    expect((await open.get('/robots.txt')).body).to.include(`Sitemap: ${testApp.origin}/sitemap.xml`);
  });

  it('the panel of size, spacing, colours and pictures works without JavaScript, and leads back', async () => {
    const reader = testApp.anonymous();
    const page = await reader.get('/teachers');
    expect(page.body).to.include('action="/display"').and.include('itemprop="copy"');
    const chosen = await reader.get(
      '/display?size=200&spacing=wide&scheme=dark&pictures=off&back=/associations',
    );
    expect(new URL(chosen.url).pathname).to.equal('/associations');
    expect(chosen.body).to.include('data-size="200"').and.include('data-theme="dark"');
    const away = await reader.get('/display?size=1000&back=//evil.org', { follow: false });
    expect(away.headers.get('location')).to.equal('/');
    expect((await reader.get('/teachers')).body).to.not.include('data-size="1000"');
  });

  it('the page of a centre names its channels by purpose, its responsible persons, and how to get help', async () => {
    await testApp.app.features.directory.site.change({
      about: 'Учим на расстоянии',
      help: 'Звоните руководителю объединения',
      contacts: [{ kind: 'telephone', value: '+79001112233', purpose: 'administration', hours: '' }],
    });
    await makeCard(manager, {
      surname: 'Завучева',
      responsible: ['deputyMethod'],
      visibility: 'public',
      consent: true,
    });
    const { body } = await open.get('/');
    expect(body)
      .to.include('Учим на расстоянии')
      .and.include('Звоните руководителю объединения')
      .and.include('tel:+79001112233')
      .and.include('Завучева')
      .and.include('Заместитель директора по научно-методической работе')
      .and.include('"@type":"EducationalOrganization"');
  });

  it('names the groups that a teacher and an association have classes with, also beyond the next classes', async () => {
    const { directory } = testApp.app.features;
    const teacherId = '0123456789abcdef01234567';
    const club = await directory.upsertAssociation({ title: 'Хор мальчиков', description: '', head: '' });
    const card = await makeStaff(testApp, {
      ...{ surname: 'Хорова', visibility: 'public', personIds: [teacherId], associationIds: [club.id] },
    });
    const inDays = (days: number): Date => new Date(testApp.clock.now().getTime() + days * DAY);
    const classes = Array.from({ length: 31 }, (_, index) => ({
      ...{ teacherId, title: 'Пение', startsAt: inDays(index + 1), endsAt: inDays(index + 1) },
      ...{ group: index < 30 ? 'Младшая' : 'Старшая', courseId: 'c', groupId: index < 30 ? 'g1' : 'g2' },
    }));
    directory.taughtClasses.add({
      nextClassesOf: (ids, limit) => Promise.resolve(ids.includes(teacherId) ? classes.slice(0, limit) : []),
    });
    for (const [path, shown] of [
      [`/teachers/${card.slug}`, 8],
      [`/associations/${club.slug}`, 20],
    ] as const) {
      const { body } = await open.get(path);
      expect(body, path).to.match(/Группы<\/dt>\s*<dd>Младшая, Старшая</);
      expect(body.match(/· Пение/g), path).to.have.length(shown);
    }
  });

  it('a student sees the teachers of the course with their contacts', async () => {
    const teacher = await launchAs(testApp, 'teacher', '11');
    await teacher.json('POST', 'directory/mine', {
      surname: 'Соколова',
      visibility: 'students',
      contacts: [{ kind: 'vk', value: 'sokolova_vk', visibility: 'students' }],
    });
    const student = await launchAs(testApp, 'student', '101');
    const page = await student.get('directory/my-teachers');
    expect(page.body).to.include('Соколова').and.include('vk.com/sokolova_vk').and.not.include("О'Нил");
  });

  it('a free consultation is booked from the open page: the way in leads to the LMS and back to its time', async () => {
    const teacher = await launchAs(testApp, 'teacher', '17', { course: '3' });
    await teacher.json('POST', 'directory/mine', {
      surname: 'Историков',
      visibility: 'public',
      consent: true,
    });
    await offer(testApp, teacher, 1, { title: 'Разбор карты', start: '09:00', end: '09:30' });
    const page = await open.get('/teachers/istorikov');
    expect(page.body).to.include('Разбор карты');
    const address = /href="(\/c\/[a-z0-9]+\/consultations\/slots\/[0-9a-f]{24})"/.exec(page.body)?.[1] ?? '';
    // A browser that was never launched learns where to enter.
    const browser = new Browser({ framedBy: testApp.lms.origin });
    const outside = await browser.get(`${testApp.origin}${address}`, { from: testApp.origin });
    expect(outside.status).to.equal(401);
    expect(outside.text).to.include(testApp.lms.origin).and.include('name="email"');
    // The launch of the course leads back to the time, where it is booked.
    const student = await launchAs(testApp, 'student', '121', { course: '3', browser });
    expect(new URL(student.landing!.url).pathname).to.equal(address);
    expect(student.landing!.text).to.include('Записаться');
    expectDone(await book(student, address.split('/').at(-1)!));
    // Beside their teachers, students see the times of their own course.
    const other = await launchAs(testApp, 'student', '122', { course: '3' });
    const mine = await other.get('directory/my-teachers');
    expect(mine.body).to.include('Разбор карты').and.include(`/c/${other.key!}/consultations/slots/`);
    const elsewhere = await launchAs(testApp, 'student', '103', { course: '2' });
    const inside = await elsewhere.get('directory/teachers/istorikov');
    expect(inside.body).to.include('Записаться в другом курсе').and.include('target="_blank"');
  });

  it('200 teachers are at most 60 KB compressed', async () => {
    const { gzipSync } = await import('node:zlib');
    const { upsertCard } = testApp.app.features.directory;
    const { NO_CREDENTIALS, detailsOf } = await import('../../../src/features/directory/index.js');
    for (let number = 0; number < 200; number += 1) {
      await upsertCard(
        {
          name: { surname: `Фамилия${number}`, givenName: 'Мария', patronymic: 'Ивановна' },
          ...{ position: 'Педагог дополнительного образования', subjects: ['Математика'], posts: [] },
          ...NO_CREDENTIALS,
          ...{ associationIds: [], contacts: [], visibility: 'public', consent: true, personIds: [] },
          details: detailsOf(() => ({ value: '', visibility: 'staff' })),
        },
        { personId: '', name: 'Импорт' },
      );
    }
    let size = 0;
    for (let page = 1; page <= 7; page += 1)
      size += gzipSync((await open.get(`/teachers?page=${page}`)).body).length;
    expect(size).to.be.below(60 * 1024);
  });
});
