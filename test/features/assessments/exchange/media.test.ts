import { expect } from 'chai';
import sharp from 'sharp';
import { ZipFile } from 'yazl';
import type { QuestionContent } from '../../../../src/features/assessments/bank/questions.store.js';
import { contentOf } from '../../../../src/features/assessments/exchange/content.js';
import type { ForeignFile } from '../../../../src/features/assessments/exchange/foreign.js';
import { foreignOf } from '../../../../src/features/assessments/exchange/foreign-of.js';
import { mappedFile } from '../../../../src/features/assessments/exchange/mapped-file.js';
import { readQuestions } from '../../../../src/features/assessments/exchange/read-file.js';
import { unzip } from '../../../../src/shared/zip.js';
import { mediaOf } from '../../../../src/features/assessments/exchange/writers/media-out.js';
import { writeGift } from '../../../../src/features/assessments/exchange/writers/gift.js';
import { writeMoodleXml } from '../../../../src/features/assessments/exchange/writers/moodle-xml.js';
import { writeQtiPackage } from '../../../../src/features/assessments/exchange/writers/qti3.js';
import { startTestApp, type TestApp, type Visitor } from '../../../support/test-app.js';
import { ask, begin, CAPITAL, makeTest } from '../fixtures.js';

const picture = (width = 40, height = 30): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#7ab' } })
    .png()
    .toBuffer();

/** An MP3 frame and silence. */
const RECORDING = Buffer.concat([
  Buffer.from('fffb9064', 'hex'),
  Buffer.alloc(413),
  Buffer.from('fffb9064', 'hex'),
  Buffer.alloc(413),
]);

async function zipOf(files: Readonly<Record<string, Buffer | string>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

/** Files of questions with pictures and recordings inside. */
describe('pictures and recordings in files of questions', () => {
  it('are read from Moodle XML, in texts and in answers', async () => {
    const [png, other] = [await picture(), await picture(9, 9)].map((bytes) => bytes.toString('base64'));
    const { questions, files = [] } = await readQuestions(
      Buffer.from(
        `<quiz><question type="multichoice"><questiontext format="html"><text><![CDATA[<p>Что это? <img src="@@PLUGINFILE@@/%D0%BA%D0%BE%D1%82.png" alt="Зверь"></p><audio controls><source src="@@PLUGINFILE@@/a.mp3"></audio>]]></text><file name="кот.png" path="/" encoding="base64">${png}</file><file name="a.mp3" path="/" encoding="base64">${RECORDING.toString('base64')}</file></questiontext><answer fraction="100" format="html"><text><![CDATA[<img src="@@PLUGINFILE@@/кот.png">]]></text><file name="кот.png" path="/" encoding="base64">${other}</file></answer><answer fraction="0"><text>нет</text></answer></question></quiz>`,
      ),
      'q.xml',
    );
    expect(files.map(({ name }) => name)).to.deep.equal(['кот.png', 'a.mp3', 'кот.png']);
    expect(questions[0]?.text).to.contain('![Зверь](embedded/0)').and.contain('(embedded/1)');
    expect(questions[0]?.notes).to.deep.equal([]);
    expect(questions[0]?.body).to.deep.include({ kind: 'choice' });
    expect(JSON.stringify(questions[0]?.body)).to.contain('embedded/2');
  });

  it('a picture that is not in the file is named as lost', async () => {
    const { questions } = await readQuestions(
      Buffer.from(
        '<quiz><question type="essay"><questiontext format="html"><text><![CDATA[<p>a <img src="@@PLUGINFILE@@/no.png"> <img src="https://example.org/x.png"></p>]]></text></questiontext></question></quiz>',
      ),
      'q.xml',
    );
    expect(questions[0]?.notes).to.deep.equal([{ key: 'lostElement', what: 'img' }]);
  });

  it('tables and listings of Moodle stay HTML', async () => {
    const { questions } = await readQuestions(
      Buffer.from(
        '<quiz><question type="essay"><questiontext format="html"><text><![CDATA[<table><tr><td>1</td></tr></table><pre>if a:\n    b()</pre>]]></text></questiontext></question></quiz>',
      ),
      'q.xml',
    );
    expect(questions[0]).to.include({ format: 'html' });
    const made = contentOf(questions[0]!);
    expect('content' in made && made.content.text)
      .to.contain('<td>1</td>')
      .and.contain('    b()');
  });

  it('Moodle gives captions and markers on pictures, words into gaps, and calculations', async () => {
    const png = (await picture()).toString('base64');
    const file = `<file name="map.png" path="/" encoding="base64">${png}</file>`;
    const question = (type: string, text: string, inner: string): string =>
      `<question type="${type}"><questiontext format="html"><text><![CDATA[${text}]]></text></questiontext>${inner}</question>`;
    const { questions } = await readQuestions(
      Buffer.from(
        `<quiz>${question('ddimageortext', 'Подпишите', `${file}<drag><no>1</no><text>Нева</text><draggroup>1</draggroup></drag><drag><no>2</no><text>Обь</text></drag><drop><no>1</no><choice>1</choice><xleft>5</xleft><ytop>6</ytop></drop>`)}${question('ddmarker', 'Отметьте', `${file}<drag><no>1</no><text>Дон</text></drag><drop><no>1</no><shape>circle</shape><coords>9,8;4</coords><choice>1</choice></drop><drop><no>2</no><shape>rectangle</shape><coords>1,2;10,20</coords><choice>1</choice></drop>`)}${question('ddwtos', 'Волга — [[2]], Дон — [[1]]', '<dragbox><text>в Азов</text><group>1</group></dragbox><dragbox><text>в Каспий</text><group>1</group></dragbox><dragbox><text>в Балтику</text><group>1</group></dragbox>')}${question('calculatedsimple', '{a} + {b}?', '<answer fraction="100"><text>{a} + {b}</text><tolerance>0.01</tolerance><tolerancetype>1</tolerancetype></answer><dataset_definitions><dataset_definition><name><text>a</text></name><minimum><text>1</text></minimum><maximum><text>9</text></maximum><decimals><text>1</text></decimals></dataset_definition><dataset_definition><name><text>b</text></name><minimum><text>2</text></minimum><maximum><text>3</text></maximum><decimals><text>0</text></decimals></dataset_definition></dataset_definitions>')}</quiz>`,
      ),
      'q.xml',
    );
    expect(questions.map(({ body }) => body)).to.deep.equal([
      {
        kind: 'dragImage',
        image: 'embedded/0',
        width: 0,
        height: 0,
        zones: [{ shape: 'rect', coords: [5, 6, 125, 42], answer: 'Нева' }],
        extra: ['Обь'],
      },
      {
        kind: 'dragImage',
        image: 'embedded/0',
        width: 0,
        height: 0,
        zones: [
          { shape: 'circle', coords: [9, 8, 4], answer: 'Дон' },
          { shape: 'rect', coords: [1, 2, 11, 22], answer: 'Дон' },
        ],
        extra: [],
      },
      { kind: 'dragWords', answers: ['в Каспий', 'в Азов'], extra: ['в Балтику'] },
      {
        kind: 'calculated',
        formula: 'a + b',
        variables: [
          { name: 'a', least: 1, most: 9, decimals: 1 },
          { name: 'b', least: 2, most: 3, decimals: 0 },
        ],
        tolerance: 1,
        toleranceKind: 'relative',
      },
    ]);
    for (const question of questions) expect(contentOf(question)).to.have.property('content');
  });

  it('QTI packages give pictures, hotspots and captions on pictures, in 2.1 and 3.0', async () => {
    const item2 = `<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="a" title="t"><responseDeclaration identifier="R" cardinality="multiple" baseType="identifier"><correctResponse><value>A</value><value>C</value></correctResponse></responseDeclaration><itemBody><p>Где? <img src="images/a.png" alt="карта"/></p><hotspotInteraction responseIdentifier="R" maxChoices="0"><prompt>Отметьте.</prompt><object type="image/png" data="images/b.png" width="206" height="280"/><hotspotChoice identifier="A" shape="circle" coords="77,115,8"/><hotspotChoice identifier="B" shape="rect" coords="1,2,30,40"/><hotspotChoice identifier="C" shape="poly" coords="0,0,9,0,9,9,0,0"/></hotspotInteraction></itemBody></assessmentItem>`;
    const item3 = `<qti-assessment-item identifier="b" title="t"><qti-response-declaration identifier="R" cardinality="multiple" base-type="directedPair"><qti-correct-response><qti-value>D1 H2</qti-value><qti-value>D2 H1</qti-value></qti-correct-response></qti-response-declaration><qti-item-body><qti-graphic-gap-match-interaction response-identifier="R"><img src="../images/b.png" width="100" height="80" alt=""/><qti-gap-text identifier="D1" match-max="1">Нева</qti-gap-text><qti-gap-img identifier="D2" match-max="1" object-label="Дон"><img src="../images/a.png" alt=""/></qti-gap-img><qti-gap-text identifier="D3" match-max="1">Обь</qti-gap-text><qti-associable-hotspot identifier="H1" match-max="1" shape="rect" coords="1,2,3,4"/><qti-associable-hotspot identifier="H2" match-max="1" shape="circle" coords="5,6,7"/></qti-graphic-gap-match-interaction></qti-item-body></qti-assessment-item>`;
    const { questions, files = [] } = await readQuestions(
      await zipOf({
        'imsmanifest.xml': '<manifest/>',
        'item-1.xml': item2,
        'items/item-2.xml': item3,
        'images/a.png': await picture(),
        'images/b.png': await picture(50, 50),
      }),
      'p.zip',
    );
    expect(files.map(({ name }) => name).sort()).to.deep.equal(['a.png', 'b.png']);
    expect(questions[0]?.text).to.match(/Где\? !\[карта\]\(embedded\/\d\)\s+Отметьте\./u);
    expect(questions[0]?.body).to.deep.include({
      kind: 'hotspot',
      width: 206,
      height: 280,
      areas: [
        { shape: 'circle', coords: [77, 115, 8], right: true },
        { shape: 'rect', coords: [1, 2, 30, 40], right: false },
        { shape: 'poly', coords: [0, 0, 9, 0, 9, 9], right: true },
      ],
    });
    expect(questions[1]?.body).to.deep.include({
      kind: 'dragImage',
      width: 100,
      height: 80,
      zones: [
        { shape: 'rect', coords: [1, 2, 3, 4], answer: 'Дон' },
        { shape: 'circle', coords: [5, 6, 7], answer: 'Нева' },
      ],
      extra: ['Обь'],
    });
  });

  it('Word files give their pictures', async () => {
    const drawing =
      '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:docPr id="1" name="p" descr="Схема"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:embed="r9" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>';
    const p = (inner: string): string => `<w:p><w:r>${inner}</w:r></w:p>`;
    const text = (words: string): string => `<w:t xml:space="preserve">${words}</w:t>`;
    const docx = await zipOf({
      '[Content_Types].xml':
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="png" ContentType="image/png"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
      '_rels/.rels':
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
      'word/_rels/document.xml.rels':
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image1.png"/></Relationships>',
      'word/media/image1.png': await picture(),
      'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${p(text('1. Что на схеме?'))}${p(drawing)}${p(text('+ дом'))}${p(text('- кот'))}</w:body></w:document>`,
    });
    const { questions, files = [], unreadable } = await readQuestions(docx, 'q.docx');
    expect(unreadable).to.deep.equal([]);
    expect(files).to.have.length(1);
    expect(questions).to.have.length(1);
    expect(questions[0]?.text).to.contain('![Схема](embedded/0)');
    expect(questions[0]?.body).to.deep.include({ kind: 'choice' });
  });

  describe('written and read again', () => {
    const [A, B] = ['abcdefghjkabcdefghjk', 'bcdefghjkmbcdefghjkm'];
    const stored = async () =>
      new Map([
        [A, { name: 'карта.png', type: 'image/png', bytes: await picture() }],
        [B, { name: 'b.mp3', type: 'audio/mpeg', bytes: RECORDING }],
      ]);
    const contents: QuestionContent[] = [
      {
        text: `Слушайте ![запись](files/${B}#audio)`,
        mark: 1,
        feedback: `Вот ![карта](files/${A})`,
        definition: {
          type: 'single',
          options: [
            { text: `![раз](files/${A})`, right: true },
            { text: 'два & три', right: false },
          ],
        },
      },
      {
        text: 'Где?',
        mark: 1,
        feedback: '',
        definition: {
          type: 'hotspot',
          image: A,
          width: 40,
          height: 30,
          areas: [
            { shape: 'rect', coords: [1, 2, 10, 12], label: '', right: true },
            { shape: 'circle', coords: [20, 15, 5], label: '', right: false },
          ],
        },
      },
      {
        text: 'Подпишите',
        mark: 1,
        feedback: '',
        definition: {
          type: 'dragimage',
          image: A,
          width: 40,
          height: 30,
          zones: [
            { shape: 'rect', coords: [1, 2, 10, 12], label: '', answer: 'раз' },
            { shape: 'poly', coords: [20, 15, 30, 15, 25, 25], label: '', answer: 'два' },
          ],
          distractors: ['три'],
        },
      },
      {
        text: 'Вставьте слова.',
        mark: 1,
        feedback: '',
        definition: {
          type: 'dragwords',
          body: '[[1]] впадает в [[2]] море, [[3]] тоже.',
          answers: ['Волга', 'Каспийское', 'Волга'],
          distractors: ['Обь'],
        },
      },
    ];

    /** What an import makes of a file, its embedded files under the names of this bank. */
    async function again(bytes: Buffer, name: string): Promise<QuestionContent[]> {
      const file: ForeignFile = await readQuestions(bytes, name);
      const kept = await mappedFile(file, [], {
        courseId: 'c',
        personId: 'p',
        media: {
          keep: (_course, _person, { name: kept }) =>
            Promise.resolve({
              id: kept.replace(/\.\w+$/u, ''),
              name: kept,
              isAudio: kept.endsWith('.mp3'),
              size: { width: 40, height: 30 },
            }),
        },
      });
      expect(kept.leftOut).to.deep.equal([]);
      expect(kept.kept.flatMap(({ notes }) => notes)).to.deep.equal([]);
      return kept.kept.map(({ content }) => content);
    }

    it('as Moodle XML; a question about areas becomes one with markers', async () => {
      const media = await mediaOf(contents, { read: stored });
      const read = await again(Buffer.from(writeMoodleXml(contents.map(foreignOf), media)), 'q.xml');
      const [first, spots, ...rest] = read;
      expect(first?.text).to.match(new RegExp(`^Слушайте !\\[.*\\]\\(files/${B}#audio\\)$`, 'u'));
      expect(first?.feedback).to.equal(contents[0]?.feedback);
      expect(first?.definition).to.deep.equal(contents[0]?.definition);
      expect(spots?.definition).to.deep.include({ type: 'dragimage', image: A });
      expect(rest).to.deep.equal(contents.slice(2));
    });

    it('as a QTI 3 package with the files in it', async () => {
      const media = await mediaOf(contents, { read: stored });
      const bytes = await writeQtiPackage(contents.map(foreignOf), media);
      expect([...(await unzip(bytes, (name) => name.startsWith('media/'))).keys()]).to.have.length(2);
      const [, ...rest] = await again(bytes, 'q.zip');
      expect(rest.slice(0, 2)).to.deep.equal(contents.slice(1, 3));
      expect(rest[2]?.definition).to.deep.equal(contents[3]?.definition);
    });

    it('GIFT names what it cannot hold in a comment', () => {
      const text = writeGift(contents.map(foreignOf));
      expect(text).to.contain('// Слушайте запись: запись, карта, раз (not in GIFT)');
      expect(text).to.not.contain('files/');
    });
  });

  describe('by a teacher', () => {
    let testApp: TestApp;
    let teacher: Visitor;
    before(async () => {
      testApp = await startTestApp();
      teacher = await testApp.launch({ person: '11', course: '2' });
    });
    after(() => testApp.close());

    const upload = (test: string, fields: Record<string, string>, name: string, content: Buffer) =>
      teacher.upload(`tests/${test}/questions`, [{ field: 'file', name, content }], {
        fields: { type: 'short', text: 'Что это?', accepted: 'кот', mark: '1', ...fields },
      });
    const fileIn = (html: string): string => /files\/([a-z2-9]{20})/.exec(html)?.[1] ?? '';

    it('come with the form, and are served only to those who may see the question', async () => {
      const test = await makeTest(teacher, { state: 'draft' }, []);
      const attached = await upload(test, { attach: '1' }, 'кот.png', await picture());
      expect(attached.status, attached.body).to.equal(200);
      expect(attached.body).to.contain('Что это?\n\n![кот](files/');
      const id = fileIn(attached.body);
      // Not in a question yet: its uploader sees it, another teacher does not.
      expect((await teacher.get(`files/${id}`)).status).to.equal(200);
      const [, text = ''] = /<textarea[^>]*name="text"[^>]*>([\s\S]*?)<\/textarea>/.exec(attached.body) ?? [];
      await ask(teacher, 'POST', `tests/${test}/questions`, {
        type: 'short',
        text,
        accepted: 'кот',
        mark: '1',
      });
      await ask(teacher, 'POST', `tests/${test}/publish`);
      const student = await testApp.launch({ person: '101', course: '2' });
      const other = await testApp.launch({ person: '102', course: '2' });
      expect((await student.get(`files/${id}`)).status, 'before an attempt').to.equal(404);
      const attempt = await begin(student, test);
      const page = await student.get(attempt);
      expect(page.body).to.match(new RegExp(`<img src="/c/[a-z0-9]+/files/${id}" alt="кот"`, 'u'));
      const served = await student.get(`files/${id}`);
      expect(served.status).to.equal(200);
      expect(served.headers.get('content-type')).to.equal('image/png');
      expect((await other.get(`files/${id}`)).status, 'without an attempt').to.equal(404);
      const outsider = await testApp.launch({ person: '15', course: '3' });
      expect((await outsider.get(`files/${id}`)).status, 'of another course').to.equal(404);
    });

    it('a file of another kind is refused beside its field, and the form keeps what was typed', async () => {
      const test = await makeTest(teacher, { state: 'draft' }, []);
      const refused = await upload(
        test,
        { feedback: 'долго писали' },
        'a.html',
        Buffer.from('<script>x</script>'),
      );
      expect(refused.status).to.equal(400);
      expect(refused.body).to.contain('Нужна картинка').and.contain('долго писали').and.contain('Что это?');
      const damaged = await upload(test, {}, 'a.png', Buffer.from('89504e470d0a1a0a00', 'hex'));
      expect(damaged.status).to.equal(400);
    });

    it('a question about a picture is made from an upload and answered without a script', async () => {
      const test = await makeTest(teacher, { state: 'draft' }, []);
      const spot = { type: 'hotspot', text: 'Где?', mark: '2' };
      const shown = await teacher.upload(
        `tests/${test}/questions`,
        [{ field: 'file', name: 'карта.png', content: await picture(400, 300) }],
        { fields: { ...spot, attach: '1' } },
      );
      expect(shown.status).to.equal(200);
      expect(shown.body).to.contain('viewBox="0 0 400 300"');
      const [, image = ''] = /name="image" value="([a-z2-9]{20})"/.exec(shown.body) ?? [];
      const made = await ask(teacher, 'POST', `tests/${test}/questions`, {
        ...spot,
        image,
        imageWidth: 400,
        imageHeight: 300,
        shape: ['rect', 'circle'],
        coords: ['10,10,100,100', '200,200,40'],
        label: ['', ''],
        right: ['1'],
      });
      expect(made.status, JSON.stringify(made.data)).to.equal(303);
      await ask(teacher, 'POST', `tests/${test}/publish`);
      const student = await testApp.launch({ person: '101', course: '2' });
      const attempt = await begin(student, test);
      const page = await student.get(attempt);
      expect(page.body).to.contain('<circle cx="200"').and.contain('type="radio"');
      const review = await student.submit(`${attempt}/finish`, { q1: '1', r1: '0' });
      expect(review.body).to.contain('area right').and.contain('<strong>2</strong>');
    });

    it('make a file of few questions large: it is read and written by jobs, with its pictures', async () => {
      const test = await makeTest(teacher, { state: 'draft' }, []);
      // What stands behind the end of a picture belongs to none, and makes it as large as a photograph.
      const photographs = await Promise.all(
        [1, 2, 3].map(async (number) =>
          Buffer.concat([await picture(12 + number, 8), Buffer.alloc(400_000, number)]),
        ),
      );
      const questions = photographs.map(
        (bytes, index) =>
          `<question type="essay"><questiontext format="html"><text><![CDATA[<p>Фото ${index} <img src="@@PLUGINFILE@@/a.png" alt="вид"></p>]]></text><file name="a.png" path="/" encoding="base64">${bytes.toString('base64')}</file></questiontext></question>`,
      );
      const content = Buffer.from(`<quiz>${questions.join('')}</quiz>`);
      const reading = await teacher.upload('tests/import', [{ field: 'file', name: 'q.xml', content }], {
        fields: { test },
      });
      expect(reading.body).to.include('Читаем файл');
      await testApp.app.jobs.drain();
      const preview = await teacher.submit(new URL(reading.url).pathname, {});
      expect(preview.body).to.include('Добавлено 3 вопроса');
      const asked = await teacher.get(`tests/${test}/export?format=moodle-xml`);
      const page = new URL(asked.url).pathname;
      expect(page).to.match(/\/exports\/[0-9a-f]{24}$/);
      await testApp.app.jobs.drain();
      expect((await teacher.get(`${page}/file`)).body).to.include(photographs[2]?.toString('base64'));
    });

    it('are taken out of a file, shown in the preview, and exported again', async () => {
      const test = await makeTest(teacher, { state: 'draft' }, [CAPITAL]);
      const png = await picture(12, 8);
      const xml = `<quiz><question type="essay"><questiontext format="html"><text><![CDATA[<p>Опишите <img src="@@PLUGINFILE@@/a.png" alt="вид"></p>]]></text><file name="a.png" path="/" encoding="base64">${png.toString('base64')}</file></questiontext></question></quiz>`;
      const preview = await teacher.upload(
        'tests/import',
        [{ field: 'file', name: 'q.xml', content: Buffer.from(xml) }],
        { fields: { test } },
      );
      expect(preview.body).to.match(/<img src="\/c\/[a-z0-9]+\/files\/[a-z2-9]{20}" alt="вид">/);
      expect((await teacher.get(`files/${fileIn(preview.body)}`)).status).to.equal(200);
      await teacher.submit(new URL(preview.url).pathname, {});
      const exported = await teacher.get(`tests/${test}/export?format=moodle-xml`);
      expect(exported.body).to.contain(png.toString('base64')).and.contain('@@PLUGINFILE@@/');
      const packed = await teacher.browser.get(teacher.address(`tests/${test}/export?format=qti`), {
        from: teacher.origin,
      });
      expect(packed.text).to.contain('media/');
      // The picture is stored anew; the question is the same.
      const again = await teacher.upload('tests/import', [
        { field: 'file', name: 'q.xml', content: Buffer.from(xml) },
      ]);
      expect(again.body).to.include('1 вопрос уже есть');
    });
  });
});
