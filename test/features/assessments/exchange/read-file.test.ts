import { expect } from 'chai';
import writeXlsxFile from 'write-excel-file/node';
import { ZipFile } from 'yazl';
import { contentOf } from '../../../../src/features/assessments/exchange/content.js';
import type { ForeignFile, ForeignQuestion } from '../../../../src/features/assessments/exchange/foreign.js';
import { foreignOf } from '../../../../src/features/assessments/exchange/foreign-of.js';
import { writeGift } from '../../../../src/features/assessments/exchange/writers/gift.js';
import { isChoice } from '../../../../src/features/assessments/types/choice-exchange.js';
import { FileProblem, readQuestions } from '../../../../src/features/assessments/exchange/read-file.js';

/** Reading files of questions, format by format. */
describe('files of questions', () => {
  const read = (text: string, name: string): Promise<ForeignFile & { format: string }> =>
    readQuestions(Buffer.from(text), name);
  const bodies = async (text: string, name: string): Promise<ForeignQuestion['body'][]> =>
    (await read(text, name)).questions.map(({ body }) => body);
  const refusal = async (bytes: Buffer, name: string): Promise<string> => {
    try {
      await readQuestions(bytes, name);
    } catch (error) {
      if (error instanceof FileProblem) return error.key;
      throw error;
    }
    throw new Error('not refused');
  };
  async function zipOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
    const zip = new ZipFile();
    for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
    zip.end();
    const parts: Buffer[] = [];
    for await (const part of zip.outputStream as AsyncIterable<Buffer>) parts.push(part);
    return Buffer.concat(parts);
  }

  /** A Word file with this body. */
  const docxOf = (body: string): Promise<Buffer> =>
    zipOf({
      '[Content_Types].xml':
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
      '_rels/.rels':
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
      'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><w:body>${body}</w:body></w:document>`,
    });

  it('GIFT gives choice, true or false, short text, numbers with tolerance, matching and essays', async () => {
    const gift = [
      '$CATEGORY: Алгебра',
      '',
      '::Корни:: Сколько корней? {=Два#Да ~Один ~%50%Три}',
      '',
      'Верно ли? {TRUE}',
      '',
      'Столица? {=Москва =%50%Питер}',
      '',
      'Пи {#3.14:0.01}',
      '',
      'Пары { =а -> 1 =б -> 2 = -> 3 }',
      '',
      'Эссе {}',
    ].join('\n');
    const { questions, unreadable, format } = await read(gift, 'bank.gift');
    expect(format).to.equal('gift');
    expect(unreadable).to.deep.equal([]);
    expect(questions.map(({ place, category }) => `${place} ${category}`)[0]).to.equal('3 Алгебра');
    expect(questions.map(({ body }) => body)).to.deep.equal([
      {
        kind: 'choice',
        several: false,
        answers: [
          { text: 'Два', fraction: 1, feedback: 'Да' },
          { text: 'Один', fraction: 0, feedback: '' },
          { text: 'Три', fraction: 0.5, feedback: '' },
        ],
      },
      { kind: 'trueFalse', right: true },
      {
        kind: 'short',
        caseMatters: false,
        answers: [
          { text: 'Москва', fraction: 1, feedback: '' },
          { text: 'Питер', fraction: 0.5, feedback: '' },
        ],
      },
      { kind: 'number', units: [], answers: [{ value: 3.14, tolerance: 0.01, fraction: 1, feedback: '' }] },
      {
        kind: 'matching',
        pairs: [
          { left: 'а', right: '1' },
          { left: 'б', right: '2' },
        ],
        extra: ['3'],
      },
      { kind: 'essay' },
    ]);
  });

  it('an entry of GIFT with an error is named by its line, and the others are read', async () => {
    const { questions, unreadable } = await read('Раз {T}\n\nДва {#3:2~#x}\n\nТри {F}\n', 'a.txt');
    expect(questions.map(({ text }) => text)).to.deep.equal(['Раз', 'Три']);
    expect(unreadable).to.have.length(1);
    expect(unreadable[0]).to.include({ place: '3', key: 'gift' });
  });

  it('Aiken gives choices, with Cyrillic letters too; a missing answer line is told', async () => {
    const text =
      'Столица?\nА. Казань\nБ. Москва\nОТВЕТ: Б\n\nReady?\nA) yes\nB) no\nANSWER: A\n\nБез ответа\nA) x\nB) y\n';
    const { questions, unreadable } = await read(text, 'a.txt');
    expect(questions.map(({ body }) => body)).to.deep.equal([
      {
        kind: 'choice',
        several: false,
        answers: [
          { text: 'Казань', fraction: 0 },
          { text: 'Москва', fraction: 1 },
        ],
      },
      {
        kind: 'choice',
        several: false,
        answers: [
          { text: 'yes', fraction: 1 },
          { text: 'no', fraction: 0 },
        ],
      },
    ]);
    expect(unreadable).to.deep.equal([{ place: '11', key: 'noAnswerLine', what: 'Без ответа' }]);
  });

  it('plain text gives one or several right answers, typed answers and essays', async () => {
    const text = [
      '1. Столица России?',
      '- Казань',
      '+ Москва',
      '2. Чётные числа',
      'а) 1',
      'б) 2',
      'в) 4',
      'Ответ: б, в',
      '3. Кто написал «Онегина»?',
      'Ответ: Пушкин',
      '4. Опишите опыт.',
    ].join('\r\n');
    expect(await bodies(text, 'x.txt')).to.deep.equal([
      {
        kind: 'choice',
        several: false,
        answers: [
          { text: 'Казань', fraction: 0 },
          { text: 'Москва', fraction: 1 },
        ],
      },
      {
        kind: 'choice',
        several: true,
        answers: [
          { text: '1', fraction: 0 },
          { text: '2', fraction: 0.5 },
          { text: '4', fraction: 0.5 },
        ],
      },
      { kind: 'short', caseMatters: false, answers: [{ text: 'пушкин', fraction: 1 }] },
      { kind: 'essay' },
    ]);
  });

  it('Moodle XML gives its core types, and names what it does not carry over', async () => {
    const question = (type: string, inner: string): string =>
      `<question type="${type}"><name><text>n</text></name><questiontext format="html"><text><![CDATA[<p>Т&nbsp;е<br>кст</p>]]></text></questiontext><defaultgrade>2</defaultgrade>${inner}</question>`;
    const xml = `<?xml version="1.0"?><quiz>
      <question type="category"><category><text>$course$/К</text></category></question>
      ${question('multichoice', '<single>false</single><answer fraction="50"><text>a</text></answer><answer fraction="50"><text>b</text></answer><answer fraction="-50"><text>c</text></answer><hint><text>h</text></hint><correctfeedback><text>Молодец</text></correctfeedback>')}
      ${question('shortanswer', '<usecase>1</usecase><answer fraction="100"><text>Да</text></answer>')}
      ${question('numerical', '<answer fraction="100"><text>3,5</text><tolerance>0.1</tolerance></answer><units><unit><multiplier>1</multiplier><unit_name>м</unit_name></unit></units>')}
      ${question('matching', '<subquestion><text>a</text><answer><text>1</text></answer></subquestion><subquestion><text></text><answer><text>2</text></answer></subquestion>')}
      ${question('randomsamatch', '')}
    </quiz>`;
    const { questions, format } = await read(xml, 'q.xml');
    expect(format).to.equal('moodle-xml');
    expect(questions[0]).to.deep.include({
      text: 'Т е\nкст',
      mark: 2,
      category: '$course$/К',
      hints: ['h'],
      notes: [{ key: 'combinedFeedback' }],
    });
    expect(questions.map(({ body }) => body.kind)).to.deep.equal([
      'choice',
      'short',
      'number',
      'matching',
      'unknown',
    ]);
    expect(questions[1]?.body).to.deep.include({ caseMatters: true });
    expect(questions[2]?.body).to.deep.equal({
      kind: 'number',
      answers: [{ value: 3.5, tolerance: 0.1, fraction: 1, feedback: '' }],
      units: [{ text: 'м', factor: 1 }],
    });
    expect(questions[3]?.body).to.deep.include({ extra: ['2'] });
    expect(questions[4]?.body).to.deep.equal({ kind: 'unknown', name: 'randomsamatch' });
  });

  it('Cloze of Moodle gives numbered gaps', async () => {
    const xml =
      '<quiz><question type="cloze"><questiontext format="html"><text><![CDATA[<p>{1:MULTICHOICE:=Да#ok~Нет} и {2:SA:=раз~%50%два} и {:NM:=3.5:0.1}</p>]]></text></questiontext></question></quiz>';
    const [question] = (await read(xml, 'q.xml')).questions;
    expect(question?.text).to.equal('{{1}} и {{2}} и {{3}}');
    expect(question?.body).to.deep.equal({
      kind: 'cloze',
      gaps: [
        {
          kind: 'choice',
          caseMatters: false,
          answers: [
            { text: 'Да', fraction: 1, feedback: 'ok' },
            { text: 'Нет', fraction: 0, feedback: '' },
          ],
        },
        {
          kind: 'short',
          caseMatters: false,
          answers: [
            { text: 'раз', fraction: 1, feedback: '' },
            { text: 'два', fraction: 0.5, feedback: '' },
          ],
        },
        { kind: 'number', answers: [{ value: 3.5, tolerance: 0.1, fraction: 1, feedback: '' }] },
      ],
    });
  });

  const item3 = (interaction: string, declaration: string): string =>
    `<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" title="T">${declaration}<qti-item-body><p>Вопрос</p>${interaction}</qti-item-body></qti-assessment-item>`;
  const declaration3 = (cardinality: string, baseType: string, values: readonly string[]): string =>
    `<qti-response-declaration identifier="R" cardinality="${cardinality}" base-type="${baseType}"><qti-correct-response>${values.map((value) => `<qti-value>${value}</qti-value>`).join('')}</qti-correct-response></qti-response-declaration>`;

  it('QTI 3 and 2.1 name the same choice', async () => {
    const three = item3(
      '<qti-choice-interaction response-identifier="R" max-choices="1"><qti-prompt>Какой?</qti-prompt><qti-simple-choice identifier="A">а</qti-simple-choice><qti-simple-choice identifier="B">б</qti-simple-choice></qti-choice-interaction>',
      declaration3('single', 'identifier', ['B']),
    );
    const two =
      '<assessmentItem title="T"><responseDeclaration identifier="R" cardinality="single" baseType="identifier"><correctResponse><value>B</value></correctResponse></responseDeclaration><itemBody><p>Вопрос</p><choiceInteraction responseIdentifier="R" maxChoices="1"><prompt>Какой?</prompt><simpleChoice identifier="A">а</simpleChoice><simpleChoice identifier="B">б</simpleChoice></choiceInteraction></itemBody></assessmentItem>';
    for (const text of [three, two]) {
      const [question] = (await read(text, 'i.xml')).questions;
      expect(question?.text).to.equal('Вопрос\nКакой?');
      expect(question?.body).to.deep.equal({
        kind: 'choice',
        several: false,
        answers: [
          { text: 'а', fraction: 0 },
          { text: 'б', fraction: 1 },
        ],
      });
    }
  });

  it('QTI 3 gives order, matching, gaps and numbers', async () => {
    const choices =
      '<qti-simple-choice identifier="A">а</qti-simple-choice><qti-simple-choice identifier="B">б</qti-simple-choice>';
    expect(
      await bodies(
        item3(
          `<qti-order-interaction response-identifier="R">${choices}</qti-order-interaction>`,
          declaration3('ordered', 'identifier', ['B', 'A']),
        ),
        'i.xml',
      ),
    ).to.deep.equal([{ kind: 'ordering', items: ['б', 'а'] }]);
    const set = (id: string, text: string): string =>
      `<qti-simple-match-set><qti-simple-associable-choice identifier="${id}" match-max="1">${text}</qti-simple-associable-choice></qti-simple-match-set>`;
    expect(
      await bodies(
        item3(
          `<qti-match-interaction response-identifier="R">${set('L', 'лев')}${set('P', 'прав')}</qti-match-interaction>`,
          declaration3('multiple', 'directedPair', ['L P']),
        ),
        'i.xml',
      ),
    ).to.deep.equal([{ kind: 'matching', pairs: [{ left: 'лев', right: 'прав' }], extra: [] }]);
    expect(
      await bodies(
        item3(
          '<p><qti-text-entry-interaction response-identifier="R"/></p>',
          declaration3('single', 'float', ['2.5']),
        ),
        'i.xml',
      ),
    ).to.deep.equal([{ kind: 'number', units: [], answers: [{ value: 2.5, tolerance: 0, fraction: 1 }] }]);
    const [gap] = (
      await read(
        item3(
          '<qti-gap-match-interaction response-identifier="R"><qti-gap-text identifier="W" match-max="1">зима</qti-gap-text><qti-gap-text identifier="S" match-max="1">лето</qti-gap-text><p>Это <qti-gap identifier="G1"/>.</p></qti-gap-match-interaction>',
          declaration3('multiple', 'directedPair', ['W G1']),
        ),
        'i.xml',
      )
    ).questions;
    expect(gap?.text).to.contain('Это {{1}}.');
    expect(gap?.body).to.deep.equal({ kind: 'dragWords', answers: ['зима'], extra: ['лето'] });
  });

  it('QTI 1.2 gives choices and points, and a package all of its items', async () => {
    const text =
      '<questestinterop><item ident="1" title="q"><itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>points_possible</fieldlabel><fieldentry>3</fieldentry></qtimetadatafield></qtimetadata></itemmetadata><presentation><material><mattext texttype="text/html">&lt;p&gt;Сколько?&lt;/p&gt;</mattext></material><response_lid ident="r1" rcardinality="Single"><render_choice><response_label ident="10"><material><mattext>один</mattext></material></response_label><response_label ident="20"><material><mattext>два</mattext></material></response_label></render_choice></response_lid></presentation><resprocessing><respcondition><conditionvar><varequal respident="r1">20</varequal></conditionvar><setvar action="Set" varname="SCORE">100</setvar></respcondition></resprocessing></item></questestinterop>';
    const [question] = (await read(text, 'old.xml')).questions;
    expect(question).to.deep.include({
      text: 'Сколько?',
      mark: 3,
      body: {
        kind: 'choice',
        several: false,
        answers: [
          { text: 'один', fraction: 0 },
          { text: 'два', fraction: 1 },
        ],
      },
    });
    const item = item3('<qti-extended-text-interaction response-identifier="R"/>', '');
    const zip = await zipOf({
      'imsmanifest.xml': '<manifest/>',
      'items/b.xml': item,
      'items/a.xml': item,
      'broken.xml': '<x',
    });
    const read_ = await readQuestions(zip, 'p.zip');
    expect(read_.questions.map(({ place }) => place)).to.deep.equal(['items/a.xml', 'items/b.xml']);
    expect(read_.unreadable).to.have.length(1);
    expect(read_.unreadable[0]).to.include({ place: 'broken.xml', key: 'notXml' });
  });

  it('tables give questions by their headings, also in windows-1251 with semicolons', async () => {
    const csv =
      'Вопрос;Тип;Ответ 1;Ответ 2;Верно;Баллы\nСтолица?;;Казань;Москва;2;2\nПи;число;3,14;;;\nПусто;картинка;;;;\n';
    const bytes = Buffer.from(
      Array.from(csv, (sign) => {
        const code = sign.codePointAt(0) ?? 0;
        return code < 128 ? code : code - 0x410 + 0xc0;
      }),
    );
    const { questions, unreadable, format } = await readQuestions(bytes, 'вопросы.csv');
    expect(format).to.equal('csv');
    expect(questions[0]).to.deep.include({
      text: 'Столица?',
      mark: 2,
      place: '2',
      body: {
        kind: 'choice',
        several: false,
        answers: [
          { text: 'Казань', fraction: 0 },
          { text: 'Москва', fraction: 1 },
        ],
      },
    });
    expect(questions[1]?.body).to.deep.include({ answers: [{ value: 3.14, tolerance: 0, fraction: 1 }] });
    expect(unreadable).to.deep.equal([{ place: '4', key: 'rowType', what: 'картинка' }]);
    const xlsx = await writeXlsxFile(
      [
        ['Question', 'Answer', 'Answer'].map((value) => ({ value, type: String })),
        ['2+2?', '*4', '5'].map((value) => ({ value, type: String })),
      ],
      {},
    ).toBuffer();
    const sheet = await readQuestions(Buffer.from(xlsx), 'q.xlsx');
    expect(sheet.questions.map(({ text }) => text)).to.deep.equal(['2+2?']);
  });

  it('a Word file gives typed questions with bold answers, and tables', async () => {
    const p = (text: string, bold = false): string =>
      `<w:p><w:r>${bold ? '<w:rPr><w:b/></w:rPr>' : ''}<w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
    const cell = (text: string): string => `<w:tc>${p(text)}</w:tc>`;
    const table = `<w:tbl>${[
      ['Вопрос', 'Ответ', 'Ответ'],
      ['В таблице?', '*да', 'нет'],
    ]
      .map((row) => `<w:tr>${row.map(cell).join('')}</w:tr>`)
      .join('')}</w:tbl>`;
    const docx = await docxOf(
      `${p('1. Столица?')}${p('а) Казань')}${p('б) Москва', true)}${p('2. Сколько?')}${p('+ два')}${p('- три')}${table}`,
    );
    const { questions, format } = await readQuestions(docx, 'q.docx');
    expect(format).to.equal('docx');
    const rights = questions.map(({ text, body }) => [
      text,
      ...(isChoice(body)
        ? body.answers.filter(({ fraction }) => fraction > 0).map((answer) => answer.text)
        : []),
    ]);
    expect(rights).to.have.deep.members([
      ['В таблице?', 'да'],
      ['Столица?', 'Москва'],
      ['Сколько?', 'два'],
    ]);
  });

  it('formulas of Word become LaTeX, and what stands out or is simplified is noted', async () => {
    const r = (text: string): string => `<m:r><m:t>${text}</m:t></m:r>`;
    const t = (text: string, style = ''): string =>
      `<w:r>${style === '' ? '' : `<w:rPr>${style}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`;
    const root = `<m:oMath><m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/><m:e>${r('x')}</m:e></m:rad></m:oMath>`;
    const square = `<m:oMath><m:f><m:num><m:sSup><m:e>${r('x')}</m:e><m:sup>${r('2')}</m:sup></m:sSup></m:num><m:den><m:d><m:e>${r('a&lt;b')}</m:e></m:d></m:den></m:f></m:oMath>`;
    const matrix = `<m:oMath><m:m><m:mr><m:e>${r('1')}</m:e><m:e>${r('2')}</m:e></m:mr></m:m></m:oMath>`;
    const p = (...parts: string[]): string => `<w:p>${parts.join('')}</w:p>`;
    const docx = await docxOf(
      [
        p(t('1. Чему равно '), square, t('?')),
        `<w:p>${t('+ ')}<m:oMathPara><m:oMathParaPr/>${root}</m:oMathPara></w:p>`,
        p(t('- нулю')),
        p(t('2. Матрица '), matrix, t('?')),
        p(t('+ да')),
        p(t('- нет')),
        p(t('3. Звук в слове к'), t('о', '<w:u w:val="single"/>'), t('за?')),
        p(t('+ а')),
        p(t('- о')),
        p(t('4. '), t('Вся строка жирная?', '<w:b/>')),
        p(t('+ да')),
        p(t('- нет')),
      ].join(''),
    );
    const { questions } = await readQuestions(docx, 'q.docx');
    expect(questions.map(({ text, notes }) => [text, notes.map(({ key }) => key)])).to.deep.equal([
      ['Чему равно \\(\\frac{{x}^{2}}{\\left(a<b\\right)}\\)?', []],
      ['Матрица \\(12\\)?', ['simplifiedFormula']],
      ['Звук в слове коза?', ['lostEmphasis']],
      ['Вся строка жирная?', []],
    ]);
    const [first] = questions;
    expect(first && isChoice(first.body) ? first.body.answers[0]?.text : '').to.equal('\\(\\sqrt{x}\\)');
  });

  it('keeps the names of questions from each format that has them, but not one that repeats the text', async () => {
    const named = async (content: string | Buffer, file: string): Promise<(string | undefined)[]> =>
      (await readQuestions(Buffer.from(content), file)).questions.map((question) => {
        const made = contentOf(question);
        return 'content' in made ? made.content.name : made.problem;
      });
    const long =
      'Сколько дней было в феврале тысяча девятисотого года по григорианскому календарю, если считать?';
    expect(
      await named(
        `::Задача 12::Сколько? {T}\n\n::Верно?::Верно? {T}\n\n::${long.slice(0, 78)}...::${long} {F}`,
        'a.gift',
      ),
    ).to.deep.equal(['Задача 12', undefined, undefined]);
    const moodle = (name: string): string =>
      `<quiz><question type="truefalse"><name><text>${name}</text></name><questiontext format="html"><text>&lt;p&gt;Верно?&lt;/p&gt;</text></questiontext><answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>`;
    expect(await named(moodle(' 3.7 Углы '), 'a.xml')).to.deep.equal(['3.7 Углы']);
    expect(await named(moodle('Верно?'), 'a.xml')).to.deep.equal([undefined]);
    const [cut] = (await read(moodle('я'.repeat(300)), 'a.xml')).questions.map(contentOf);
    expect(cut).to.deep.include({ notes: [{ key: 'cutName' }] });
    expect(
      await named('Вопрос;Название;Верно;Ответ 1;Ответ 2\nСколько?;№ 5;1;два;три', 'a.csv'),
    ).to.deep.equal(['№ 5']);
    const item12 = (title: string): string =>
      `<questestinterop><item ident="1" title="${title}"><presentation><material><mattext>Сколько?</mattext></material><response_lid ident="r"><render_choice><response_label ident="1"><material><mattext>один</mattext></material></response_label><response_label ident="2"><material><mattext>два</mattext></material></response_label></render_choice></response_lid></presentation><resprocessing><respcondition><conditionvar><varequal respident="r">2</varequal></conditionvar><setvar>1</setvar></respcondition></resprocessing></item></questestinterop>`;
    expect(await named(item12('Q7'), 'a.xml')).to.deep.equal(['Q7']);
    expect(await named(item12('Question'), 'a.xml'), 'what Canvas calls one without a name').to.deep.equal([
      undefined,
    ]);
  });

  it('a name is no instruction: a text with gaps has its own, from a paragraph before it', async () => {
    const cloze = (text: string): string =>
      `<quiz><question type="cloze"><name><text>Пушкин, годы</text></name><questiontext format="html"><text><![CDATA[${text}]]></text></questiontext></question></quiz>`;
    const contents = async (text: string) => (await read(cloze(text), 'q.xml')).questions.map(contentOf);
    expect(await contents('<p>Родился в {1:SA:=1799}</p>')).to.have.nested.property(
      '[0].content.name',
      'Пушкин, годы',
    );
    expect(await contents('<p>Родился в {1:SA:=1799}</p>')).to.have.nested.property(
      '[0].content.text',
      'Заполните пропуски.',
    );
    const [made] = await contents('<p class="instruction">Впишите годы</p><p>Родился в {1:SA:=1799}</p>');
    expect(made).to.have.nested.property('content.text', 'Впишите годы');
    expect(made).to.have.nested.property('content.definition.body', 'Родился в [[1]]');
  });

  it('Moodle XML keeps units with their factors and price, what an essay asks for, and what an order earns', async () => {
    const question = (type: string, inner: string): string =>
      `<question type="${type}"><questiontext format="html"><text>Вопрос?</text></questiontext>${inner}</question>`;
    const xml = `<quiz>
      ${question('numerical', '<answer fraction="100"><text>5</text><tolerance>0</tolerance></answer><units><unit><multiplier>1</multiplier><unit_name>км</unit_name></unit><unit><multiplier>1000</multiplier><unit_name>м</unit_name></unit></units><unitgradingtype>1</unitgradingtype><unitpenalty>0.25</unitpenalty>')}
      ${question('essay', '<responseformat>editor</responseformat><responsefieldlines>15</responsefieldlines><minwordlimit>50</minwordlimit><maxwordlimit>150</maxwordlimit><attachments>2</attachments><graderinfo format="html"><text>&lt;p&gt;Тезис&lt;/p&gt;&lt;p&gt;Довод&lt;/p&gt;</text></graderinfo><responsetemplate format="html"><text>Я считаю</text></responsetemplate>')}
      ${question('essay', '<responseformat>noinline</responseformat><attachments>3</attachments><graderinfo><text>Чертёж</text></graderinfo>')}
      ${question('ordering', '<gradingtype>ALL_OR_NOTHING</gradingtype><answer><text>а</text></answer><answer><text>б</text></answer>')}
      ${question('ordering', '<gradingtype>RELATIVE_NEXT_EXCLUDE_LAST</gradingtype><answer><text>а</text></answer><answer><text>б</text></answer>')}
    </quiz>`;
    const made = (await read(xml, 'q.xml')).questions.map(contentOf);
    const definitions = made.map((each) => ('content' in each ? each.content.definition : each));
    expect(definitions[0]).to.deep.include({
      units: [
        { text: 'км', factor: 1 },
        { text: 'м', factor: 0.001 },
      ],
      unitPenalty: 0.25,
    });
    expect(definitions[1]).to.deep.include({
      lines: 15,
      leastWords: 50,
      mostWords: 150,
      notes: 'Тезис\nДовод',
    });
    expect(made[1]).to.deep.include({
      notes: [{ key: 'types.essay.template' }, { key: 'types.essay.attachments' }],
    });
    expect(definitions[2]).to.deep.equal({ type: 'file', mostFiles: 3, notes: 'Чертёж' });
    expect(definitions[3]).to.include({ credit: 'all' });
    expect(made[4]).to.deep.include({ notes: [{ key: 'types.ordering.otherCredit' }] });
  });

  it('feedback on typed answers is kept, also on wrong ones', async () => {
    const gift = 'Город? {=Петербург#верно =%50%Питер#почти =%0%Казань#другой}';
    const [made] = (await read(gift, 'a.gift')).questions.map(contentOf);
    expect(made).to.deep.include({ notes: [] });
    expect(made)
      .to.have.nested.property('content.definition')
      .that.deep.includes({
        accepted: ['Петербург'],
        remarks: [
          { text: 'Петербург', feedback: 'верно' },
          { text: 'Питер', feedback: 'почти' },
          { text: 'Казань', feedback: 'другой' },
        ],
      });
    if (made === undefined || !('content' in made)) throw new Error('not read');
    const again = (await read(writeGift([foreignOf(made.content)]), 'a.gift')).questions.map(contentOf);
    expect(again).to.deep.equal([made]);
  });

  it('letters that stand out and links stay in HTML, or are noted where a text is plain', async () => {
    const moodle = (type: string, text: string, inner: string): string =>
      `<quiz><question type="${type}"><questiontext format="html"><text><![CDATA[${text}]]></text></questiontext>${inner}</question></quiz>`;
    const firstOf = async (xml: string) => (await read(xml, 'q.xml')).questions.map(contentOf)[0];
    const short = '<answer fraction="100"><text>о</text></answer>';
    expect(
      await firstOf(moodle('shortanswer', '<p>Какая буква в слове к<u>о</u>за?</p>', short)),
    ).to.deep.include({
      notes: [],
    });
    expect(
      await firstOf(moodle('shortanswer', '<p>Какая буква в слове к<u>о</u>за?</p>', short)),
    ).to.have.nested.property('content.text', '<p>Какая буква в слове к<u>о</u>за?</p>');
    expect(
      await firstOf(moodle('shortanswer', '<p>Где <a href="https://example.org/a">текст</a>?</p>', short)),
    ).to.have.nested.property('content.format', 'html');
    const whole = await firstOf(moodle('shortanswer', '<p><b>Какая буква?</b></p>', short));
    expect(whole, 'all of it bold says nothing').to.have.nested.property('content.text', 'Какая буква?');
    expect(await firstOf(moodle('cloze', '<p>В слове <b>коза</b> буква {1:SA:=о}</p>', ''))).to.deep.include({
      notes: [{ key: 'lostEmphasis' }],
    });
  });

  it('what gaps of Moodle have and ours have not is noted', async () => {
    const xml =
      '<quiz><question type="cloze"><questiontext format="html"><text><![CDATA[{1:SAC:=Да#верно} {2:NM:=3~=4}]]></text></questiontext></question></quiz>';
    const [made] = (await read(xml, 'q.xml')).questions.map(contentOf);
    expect(made).to.deep.include({
      notes: ['answerFeedback', 'types.cloze.gapCase', 'types.cloze.otherNumbers', 'types.cloze.weights'].map(
        (key) => ({ key }),
      ),
    });
  });

  it('GIFT keeps Markdown, tables and the feedback of true and false', async () => {
    const gift =
      '[markdown]Найди **не**верное {TRUE#увы#да}\n\n[html]<p>Таблица</p><table><tr><td>1</td></tr></table> {=а ~1 < 2}';
    const [first, second] = (await read(gift, 'a.gift')).questions.map(contentOf);
    expect(first).to.deep.include({ notes: [] });
    expect(first)
      .to.have.property('content')
      .that.deep.includes({
        format: 'markdown',
        text: 'Найди **не**верное',
        definition: { type: 'truefalse', right: true, ifTrue: 'да', ifFalse: 'увы' },
      });
    expect(second).to.have.nested.property('content.format', 'html');
    expect(second).to.have.nested.property('content.definition.options[1].text', '1 &lt; 2');
  });

  it('items of QTI keep their points, from a test of the package too, and feedback that is always shown', async () => {
    const item = (outcomes: string, more = ''): string =>
      `<assessmentItem identifier="i" title="t"><responseDeclaration identifier="R" cardinality="single" baseType="string"><correctResponse><value>да</value></correctResponse></responseDeclaration>${outcomes}<itemBody><p>Верно?</p><p><textEntryInteraction responseIdentifier="R"/></p></itemBody>${more}</assessmentItem>`;
    const value = (text: string): string => `<defaultValue><value>${text}</value></defaultValue>`;
    const feedback = `<modalFeedback outcomeIdentifier="F" identifier="all" showHide="show"><p>Потому.</p></modalFeedback>`;
    const read1 = async (text: string) => (await read(text, 'i.xml')).questions[0]!;
    expect(await read1(item('<outcomeDeclaration identifier="SCORE" normalMaximum="3"/>'))).to.include({
      mark: 3,
      text: 'Верно?',
    });
    expect(
      await read1(item(`<outcomeDeclaration identifier="MAXSCORE">${value('2.5')}</outcomeDeclaration>`)),
    ).to.include({ mark: 2.5 });
    const always = await read1(
      item(`<outcomeDeclaration identifier="F">${value('all')}</outcomeDeclaration>`, feedback),
    );
    expect(always).to.deep.include({ feedback: 'Потому.', notes: [] });
    const sometimes = await read1(item('<outcomeDeclaration identifier="F"/>', feedback));
    expect(sometimes).to.deep.include({ feedback: '', notes: [{ key: 'combinedFeedback' }] });
    const test = (sections: string): string =>
      `<assessmentTest identifier="t" title="t"><testPart>${sections}</testPart></assessmentTest>`;
    const reference = (name: string, points: number): string =>
      `<assessmentItemRef identifier="${name}" href="${name}.xml"><weight identifier="W" value="${points}"/></assessmentItemRef>`;
    const files = { 'a.xml': item(''), 'b.xml': item('') };
    const flat = await readQuestions(
      await zipOf({
        ...files,
        'test.xml': test(`<assessmentSection>${reference('a', 2)}${reference('b', 0.5)}</assessmentSection>`),
      }),
      'a.zip',
    );
    expect(flat.questions.map(({ mark }) => mark)).to.deep.equal([2, 0.5]);
    expect(flat.unreadable).to.deep.equal([]);
    const parts = await readQuestions(
      await zipOf({
        ...files,
        'test.xml': test(
          `<assessmentSection>${reference('b', 2)}</assessmentSection><assessmentSection>${reference('a', 3)}</assessmentSection>`,
        ),
      }),
      'a.zip',
    );
    expect(parts.questions.map(({ mark }) => mark)).to.deep.equal([3, 2]);
    expect(parts.unreadable).to.deep.equal([{ place: 'test.xml', key: 'testStructure' }]);
  });

  it('UTF-16 is read with and without its mark', async () => {
    const text = '1. Один?\n+ да\n- no\n';
    const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    for (const bytes of [marked, Buffer.from(text, 'utf16le')])
      expect((await readQuestions(bytes, 'a.txt')).questions.map((question) => question.text)).to.deep.equal([
        'Один?',
      ]);
  });

  it('refuses hostile and damaged files with a reason', async () => {
    const quiz = (inner: string): Buffer => Buffer.from(`<?xml version="1.0"?>${inner}`);
    expect(
      await refusal(
        quiz('<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>'),
        'q.xml',
      ),
    ).to.equal('dtd');
    expect(
      await refusal(
        quiz(`<assessmentItem>${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}</assessmentItem>`),
        'q.xml',
      ),
    ).to.equal('tooDeep');
    expect(await refusal(quiz('<assessmentItem><p>'), 'q.xml')).to.equal('notXml');
    expect(await refusal(Buffer.alloc(0), 'q.txt')).to.equal('empty');
    expect(await refusal(Buffer.from([0x50, 0x4b, 3, 4, 1, 2, 3]), 'q.zip')).to.equal('zip');
    expect(await refusal(await zipOf({ 'a.txt': 'x' }), 'q.zip')).to.equal('unknown');
    const bomb = await zipOf({ 'imsmanifest.xml': '<manifest/>', 'a.xml': ' '.repeat(101 * 1024 * 1024) });
    expect(await refusal(bomb, 'bomb.zip')).to.equal('zipBig');
  });
});
