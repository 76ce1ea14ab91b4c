import { expect } from 'chai';
import request from 'supertest';
import { videoPlayer } from '../../../src/features/directory/materials/video.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { launchSelection } from '../../support/lms.js';
import { S3_KEY, S3_SECRET, startFakeS3, type FakeS3 } from '../../infra/files/fake-s3.js';
import { CAPITAL, makeTest, TSAR } from '../assessments/fixtures.js';
import { dataOf, launchAs, makeCard } from './support.js';

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
const ZIP = Buffer.from('504b0506000000000000000000000000000000000000', 'hex');

interface Listed {
  readonly materials: { key: string; title: string; kind: string }[];
  readonly topics: string[];
  readonly total: number;
}

describe('directory: materials', function () {
  this.timeout(120_000);
  let s3: FakeS3;
  let testApp: TestApp;
  let teacher: Visitor;
  let colleague: Visitor;
  let student: Visitor;
  let open: Visitor;
  let slug: string;

  before(async () => {
    s3 = await startFakeS3();
    // Files are in a bucket here; tests of photos have them on disk.
    testApp = await startTestApp({
      env: { FILES_URL: s3.endpoint, FILES_S3_KEY: S3_KEY, FILES_S3_SECRET: S3_SECRET },
    });
    teacher = await launchAs(testApp, 'teacher', '11');
    colleague = await launchAs(testApp, 'teacher', '12');
    student = await launchAs(testApp, 'student', '101');
    open = testApp.anonymous();
    const made = await teacher.json('POST', 'directory/mine', {
      surname: 'Соколова',
      givenName: 'Елена',
      visibility: 'public',
      consent: true,
    });
    slug = /teachers\/([a-z0-9-]+)/.exec(made.headers.get('location') ?? '')![1]!;
  });
  after(async () => {
    await testApp.close();
    await s3.close();
  });

  const add = async (material: Record<string, unknown>): Promise<string> => {
    const reply = await teacher.json('POST', `directory/teachers/${slug}/materials`, material);
    expect(reply.status, JSON.stringify(reply.data)).to.equal(303);
    return /materials\/([a-z0-9-]+)/.exec(reply.headers.get('location') ?? '')![1]!;
  };
  const found = async (q: string, visitor = open): Promise<string[]> => {
    const path = visitor === open ? '/materials' : 'directory/materials';
    const { materials } = await dataOf<Listed>(visitor, `${path}?q=${encodeURIComponent(q)}`);
    return materials.map(({ title }) => title);
  };

  it('are found by any form of their words, those for students by students alone', async () => {
    await add({
      kind: 'text',
      title: 'Квадратные уравнения',
      topic: 'Алгебра',
      text: 'Решение через дискриминант: $x^2$ и ёлочка',
      tasks: 'Решите уравнение',
      sources: 'Открытый банк заданий https://oge.fipi.ru/',
      audience: 'public',
    });
    await add({ kind: 'link', title: 'Закрытая ссылка', url: 'https://example.org/a', audience: 'students' });
    expect(await found('квадратным уравнением')).to.deep.equal(['Квадратные уравнения']);
    expect(await found('дискриминанта')).to.deep.equal(['Квадратные уравнения']);
    expect(await found('елочки')).to.deep.equal(['Квадратные уравнения']);
    expect(await found('ссылка')).to.deep.equal([]);
    expect(await found('ссылки', student)).to.deep.equal(['Закрытая ссылка']);
    const { topics } = await dataOf<Listed>(open, '/materials');
    expect(topics).to.deep.equal(['Алгебра']);
  });

  it('show tasks, sources as links, and formulas; nothing typed is markup', async () => {
    const page = await open.get('/materials/kvadratnye-uravneniya');
    expect(page.status).to.equal(200);
    expect(page.body)
      .to.include('<math')
      .and.include('Решите уравнение')
      .and.include('href="https://oge.fipi.ru/"')
      .and.include('Соколова Елена');
    const key = await add({
      kind: 'text',
      title: '<script>alert(1)</script>',
      text: '<img src=x onerror=alert(1)>',
      sources: 'javascript:alert(1)',
      audience: 'public',
    });
    const { body } = await open.get(`/materials/${key}`);
    expect(body).to.not.match(/<script>alert|<img src=x|href="javascript/);
  });

  it('embed films of allowed hosts only', async () => {
    const key = await add({
      kind: 'video',
      title: 'Фильм',
      url: 'https://rutube.ru/video/0123456789abcdef/',
      audience: 'public',
    });
    const page = await open.get(`/materials/${key}`);
    expect(page.body).to.include('src="https://rutube.ru/play/embed/0123456789abcdef"');
    expect(page.headers.get('content-security-policy')).to.include('frame-src https://rutube.ru');
    expect((await open.get('/materials')).headers.get('content-security-policy')).to.not.include('frame-src');
    for (const url of [
      'https://evil.org/video/1',
      'http://rutube.ru/video/0123456789',
      'javascript:alert(1)',
    ]) {
      const reply = await teacher.json('POST', `directory/teachers/${slug}/materials`, {
        kind: 'video',
        title: 'Чужой',
        url,
      });
      expect(reply.status, url).to.equal(400);
      expect((reply.data as { fields: object }).fields, url).to.have.property('url');
    }
    expect(videoPlayer('https://vk.com/video-1_2')).to.equal('https://vk.com/video_ext.php?oid=-1&id=2');
    expect(videoPlayer('https://youtu.be/abcdefghijk')).to.equal(
      'https://www.youtube-nocookie.com/embed/abcdefghijk',
    );
    expect(videoPlayer('https://rutube.ru.evil.org/video/0123456789')).to.equal(null);
  });

  it('keep earlier versions of a file, which only staff read; SVG and HTML are never shown in the page', async () => {
    const upload = (path: string, name: string, content: Buffer | string, fields: Record<string, string>) =>
      teacher.upload(path, [{ field: 'file', name, content }], { fields });
    const made = await upload(`directory/teachers/${slug}/materials`, 'План.pdf', PDF, {
      title: 'План',
      kind: 'file',
      audience: 'public',
    });
    expect(made.url).to.match(/materials\/plan\?done=directory\.materialSaved$/);
    const first = /files\/([a-z0-9]+)/.exec((await open.get('/materials/plan')).body)![1]!;
    const file = await open.get(`/files/${first}`);
    expect([file.status, file.headers.get('content-type')]).to.deep.equal([200, 'application/pdf']);
    await upload('directory/materials/plan', 'План 2.zip', ZIP, {
      version: '1',
      title: 'План',
      kind: 'file',
      audience: 'public',
    });
    const page = await open.get('/materials/plan');
    expect(page.body).to.include('План 2.zip').and.not.include(first);
    expect((await open.get(`/files/${first}`)).status).to.equal(404);
    expect((await student.get(`files/${first}`)).status).to.equal(404);
    expect((await teacher.get(`files/${first}`)).status).to.equal(200);
    const picture = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    await upload('directory/materials/plan', 'p.svg', picture, {
      version: '2',
      title: 'План',
      kind: 'file',
      audience: 'public',
    });
    const svg = /files\/([a-z0-9]+)/.exec((await open.get('/materials/plan')).body)![1]!;
    expect((await open.get(`/files/${svg}`)).headers.get('content-disposition')).to.match(/^attachment/);
    const html = await upload('directory/materials/plan', 'x.html', '<b>x</b>', {
      version: '3',
      title: 'План',
      kind: 'file',
      audience: 'public',
    });
    expect(html.status).to.equal(400);
    expect(html.body).to.include('Такие файлы не принимаются');
    // Begins as a PDF, and is a page all the same.
    const both = Buffer.concat([PDF, Buffer.from('<html><script>alert(1)</script></html>')]);
    await upload('directory/materials/plan', 'x.html', both, {
      version: '3',
      title: 'План',
      kind: 'file',
      audience: 'public',
    });
    const polyglot = /files\/([a-z0-9]+)/.exec((await open.get('/materials/plan')).body)![1]!;
    const { headers } = await open.get(`/files/${polyglot}`);
    expect(headers.get('content-type')).to.equal('application/pdf');
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('content-security-policy')).to.include("default-src 'none'");
  });

  it('are downloaded from S3 as from disk: whole, in part, not again, and not once they are closed', async () => {
    const recording = Buffer.concat([PDF, Buffer.from('% '), Buffer.alloc(700_000, 'я')]);
    const before = s3.objects.size;
    const made = await teacher.upload(
      `directory/teachers/${slug}/materials`,
      [{ field: 'file', name: 'Запись.pdf', content: recording }],
      { fields: { title: 'Запись занятия', kind: 'file', audience: 'public' } },
    );
    expect(made.url).to.include('materials/zapis-zanyatiya');
    expect(s3.objects.size).to.equal(before + 1);
    expect([...s3.objects.values()].some((bytes) => bytes.equals(recording))).to.equal(true);
    const path = /href="(\/files\/[a-z0-9]+)"/.exec((await open.get('/materials/zapis-zanyatiya')).body)![1]!;
    const download = (headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${testApp.origin}${path}`, { headers });
    const whole = await download();
    expect(Object.fromEntries(whole.headers)).to.include({
      'content-type': 'application/pdf',
      'content-length': String(recording.length),
      'x-content-type-options': 'nosniff',
    });
    expect(Buffer.from(await whole.arrayBuffer()).equals(recording)).to.equal(true);
    const part = await download({ range: 'bytes=9-16' });
    expect([part.status, await part.text()]).to.deep.equal([206, recording.toString('latin1', 9, 17)]);
    const etag = whole.headers.get('etag') ?? '';
    await request(testApp.origin).get(path).set('if-none-match', etag).expect(304);
    const closed = await teacher.json('POST', 'directory/materials/zapis-zanyatiya', {
      version: 1,
      audience: 'students',
    });
    expect(closed.status).to.equal(303);
    await request(testApp.origin).get(path).set('if-none-match', etag).expect(404);
    expect((await student.get(path.slice(1))).status).to.equal(200);
    await teacher.submit('directory/materials/zapis-zanyatiya/remove');
    await testApp.app.jobs.drain();
    expect(s3.objects.size, 'the bytes go with the material').to.equal(before);
  });

  it('have as many files as a card may have, and a form that is refused keeps what was typed', async () => {
    const [stored] = await testApp.app.features.directory.organisation.listTeachers();
    const files = testApp.storage.connection.model('File');
    const row = { uploadedBy: '', name: 'a', type: 'text/plain', size: 1, sha256: '0', state: 'stored' };
    const owner = { kind: 'teaching-material', id: stored!.cardId };
    const full = Array.from({ length: 300 }, (_, index) => ({
      ...{ ...row, owner, createdAt: testApp.clock.now() },
      _id: `full${index}`,
    }));
    await files.insertMany(full);
    const refused = await teacher.upload(
      `directory/teachers/${slug}/materials`,
      [{ field: 'file', name: 'Лишний.pdf', content: PDF }],
      { fields: { title: 'Триста первый', kind: 'file', tasks: 'Набрано долго', audience: 'public' } },
    );
    expect(refused.status).to.equal(409);
    expect(refused.body)
      .to.include('Место для файлов этой карточки закончилось')
      .and.include('value="Триста первый"')
      .and.include('Набрано долго');
    await files.deleteMany({ _id: { $in: full.map(({ _id }) => _id) } });
  });

  it('take links of the web alone, and keep what was typed', async () => {
    for (const url of [
      'javascript:alert(1)',
      'data:text/html,<b>x</b>',
      'file:///etc/passwd',
      'https://a:b@x.org',
    ]) {
      const reply = await teacher.submit(`directory/teachers/${slug}/materials`, {
        ...{ title: 'Ссылка с ошибкой', kind: 'link', url, audience: 'public' },
        sources: `Книга ${url}`,
      });
      expect(reply.status, url).to.equal(400);
      expect(reply.body).to.include('Ссылка с ошибкой').and.include('aria-invalid="true"');
    }
    const { body } = await teacher.submit(`directory/teachers/${slug}/materials`, {
      ...{ title: 'Источник с ошибкой', kind: 'text', text: 'Текст', audience: 'public' },
      sources: 'Книга javascript:alert(1)',
    });
    expect(body).to.not.match(/href="javascript/i);
    expect((await open.get('/materials/istochnik-s-oshibkoy')).body)
      .to.include('Книга javascript:alert(1)')
      .and.not.match(/href="javascript/i);
  });

  it('are changed and removed by those who edit the card; an old version is refused with 409', async () => {
    const key = await add({ kind: 'text', title: 'Моё', text: 'раз', audience: 'students' });
    for (const [method, path] of [
      ['GET', `directory/materials/${key}/edit`],
      ['POST', `directory/materials/${key}`],
      ['POST', `directory/materials/${key}/remove`],
      ['GET', `directory/teachers/${slug}/materials/new`],
    ] as const) {
      for (const visitor of [colleague, student]) {
        const body = method === 'POST' ? { title: 'Чужое' } : undefined;
        expect((await visitor.json(method, path, body)).status, path).to.equal(403);
      }
    }
    const late = await teacher.json('POST', `directory/materials/${key}`, { version: 9, text: 'два' });
    expect(late.status).to.equal(409);
    await teacher.submit(`directory/materials/${key}/remove`);
    expect((await student.get(`directory/materials/${key}`)).status).to.equal(404);
  });

  it('link tests that anyone may try without a grade and without a trace', async () => {
    const test = await makeTest(teacher, { title: 'Проверь себя: столицы' }, [CAPITAL, TSAR]);
    const essay = await makeTest(teacher, { title: 'С эссе' }, [
      { type: 'essay', text: 'Расскажите', mark: '5' },
    ]);
    const form = await dataOf<{ tests: { id: string }[] }>(
      teacher,
      `directory/teachers/${slug}/materials/new`,
    );
    expect(form.tests.map(({ id }) => id))
      .to.include(test)
      .and.not.include(essay);
    const material = { kind: 'text', title: 'Столицы мира', text: 'Читайте атлас.', audience: 'public' };
    const key = await add({ ...material, tests: [test] });

    const page = await open.get(`/materials/${key}`);
    expect(page.body).to.include('Проверьте себя').and.include('Проверь себя: столицы');
    const path = `/materials/${key}/check/${test}`;
    interface Check {
      seed: number;
      questions: { field: string; text: string; options?: { text: string; value: string }[] }[];
    }
    const { seed, questions } = await dataOf<Check>(open, path);
    expect(JSON.stringify(questions)).to.not.match(/Пётр|1918/);
    const query = new URLSearchParams({ seed: String(seed) });
    for (const { field, text, options } of questions)
      query.set(
        field,
        text === CAPITAL.text ? options!.find((option) => option.text === 'Москва')!.value : 'никто',
      );
    const tried = await dataOf<{ attempt: { score: number; maximum: number } }>(
      open,
      `${path}?${query.toString()}`,
    );
    expect(tried.attempt).to.include({ score: 2, maximum: 3 });
    const result = await open.get(`${path}?${query.toString()}`);
    expect(result.body).to.include('Столица с 1918 года').and.include('Попробовать ещё раз');
    expect(result.headers.get('set-cookie')).to.equal(null);
    expect(await testApp.storage.connection.model('TestAttempt').countDocuments({ testId: test })).to.equal(
      0,
    );

    const { kept } = await dataOf<{ kept: { version: number } }>(teacher, `directory/materials/${key}/edit`);
    const wrong = await teacher.json('POST', `directory/materials/${key}`, {
      version: kept.version,
      tests: [essay],
    });
    expect([wrong.status, Object.keys((wrong.data as { fields: object }).fields)]).to.deep.equal([
      400,
      ['tests'],
    ]);
    for (const other of [`/materials/${key}/check/${essay}`, `/materials/${key}/check/none`])
      expect((await open.get(other)).status, other).to.equal(404);
    expect((await open.get(`${path}?seed=x`)).status).to.equal(400);
    const cleared = await teacher.json('POST', `directory/materials/${key}`, {
      version: kept.version,
      tests: [],
    });
    expect(cleared.status).to.equal(303);
    expect((await open.get(path)).status).to.equal(404);
  });

  it('are placed into a course as content, by the teacher’s own list', async () => {
    const { response } = await launchSelection(testApp.lms, { person: '11', course: '2' });
    expect(response.text).to.include('Материал').and.include('material:kvadratnye-uravneniya');
    const other = await launchSelection(testApp.lms, { person: '12', course: '2' });
    expect(other.response.text).to.not.include('material:kvadratnye-uravneniya');
  });

  it('go with the card', async () => {
    const manager = await launchAs(testApp, 'methodist', '3');
    const gone = await makeCard(manager, { surname: 'Уходящий', visibility: 'public', consent: true });
    const made = await manager.json('POST', `directory/teachers/${gone}/materials`, {
      kind: 'text',
      title: 'Прощальное',
      text: 'слово',
      audience: 'public',
    });
    expect(made.status).to.equal(303);
    expect(await found('прощальное')).to.have.length(1);
    await manager.submit(`directory/teachers/${gone}/remove`);
    expect(await found('прощальное')).to.deep.equal([]);
  });
});
