import { buffer } from 'node:stream/consumers';
import { expect } from 'chai';
import { ZipFile } from 'yazl';
import { contentOf } from '../../../../src/features/assessments/exchange/content.js';
import { isLargeFile } from '../../../../src/features/assessments/exchange/large-file.js';
import {
  FileProblem,
  MOST_FILE_BYTES,
  readQuestions,
} from '../../../../src/features/assessments/exchange/read-file.js';

const quiz = (inner: string): string => `<?xml version="1.0"?><quiz>${inner}</quiz>`;
const essay = (text: string, format = 'html'): string =>
  `<question type="essay"><questiontext format="${format}"><text><![CDATA[${text}]]></text></questiontext></question>`;

async function outcome(content: string | Buffer, name: string): Promise<string> {
  try {
    const { questions, unreadable } = await readQuestions(Buffer.from(content), name);
    return `${questions.length} read, ${unreadable.map(({ key }) => key).join()}`;
  } catch (error) {
    if (error instanceof FileProblem) return error.key;
    throw error;
  }
}

/** Files that are made to harm, and files in other encodings. */
describe('hostile files of questions', () => {
  for (const [what, content, expected] of [
    ['an entity of a file', '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + quiz('&x;'), 'dtd'],
    [
      'entities in entities',
      '<!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + quiz(essay('&b;')),
      'dtd',
    ],
    [
      'a DTD of another place',
      '<!DOCTYPE quiz SYSTEM "http://127.0.0.1/x.dtd">' + quiz(essay('a')),
      '1 read, ',
    ],
    ['an entity that is not declared', quiz(essay('a').replace('<![CDATA[a]]>', '&evil;')), '0 read, notXml'],
    ['elements without end', quiz('<question type="essay"><a>'), '0 read, notXml'],
    [
      'elements nested in one question',
      quiz(`<question type="essay">${'<a>'.repeat(300)}`),
      '0 read, notXml',
    ],
    [
      'elements nested and closed',
      quiz(`<question type="essay">${'<a>'.repeat(300)}${'</a>'.repeat(300)}</question>`),
      '0 read, tooDeep',
    ],
  ] as const) {
    it(`${what}: ${expected}`, async () => {
      expect(await outcome(content, 'q.xml')).to.equal(expected);
    });
  }

  // Each of them kept a reader busy for minutes whose patterns look for an end that is not there.
  const much = (piece: string): string => piece.repeat(Math.ceil(200_000 / piece.length));
  for (const [what, name, content] of [
    ['comments', 'q.xml', `<quiz>${much('<!--')}`],
    ['comments of an item', 'q.xml', `<assessmentItem>${much('<!--')}`],
    ['CDATA', 'q.xml', `<quiz>${much('<![CDATA[')}`],
    ['pictures', 'q.xml', quiz(essay(much('<img ')))],
    ['recordings', 'q.xml', quiz(essay(much('<audio>')))],
    ['objects', 'q.xml', quiz(essay(much('<object ')))],
    ['spaces', 'q.xml', quiz(essay(`<p>${much(' \t')}x`))],
    ['gaps', 'q.xml', quiz(essay(much('{1:SA:')).replace('"essay"', '"cloze"'))],
    ['braces', 'q.txt', much('{')],
    ['answers', 'q.gift', `a {${much('=a ')}}`],
    ['dashes', 'q.txt', `1. a\n- ${much('a +')}`],
    ['quotes', 'q.csv', `Вопрос;Ответ\n${much('"')}`],
  ] as const) {
    it(`${what} without an end are read in one pass`, async () => {
      expect(await outcome(content, name)).to.be.a('string');
    });
  }

  /** An archive whose list says another size of its first file. */
  async function archiveSaying(size: number, files: Readonly<Record<string, string>>): Promise<Buffer> {
    const zip = new ZipFile();
    for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
    zip.end();
    const bytes = await buffer(zip.outputStream);
    // https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3.12: the size stands 24 bytes after the mark.
    bytes.writeUInt32LE(size, bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
    return bytes;
  }

  for (const [format, name] of [
    ['docx', 'word/document.xml'],
    ['xlsx', 'xl/workbook.xml'],
    ['zip', 'imsmanifest.xml'],
  ] as const) {
    it(`an archive of ${format} that unpacks to 200 MB, or to more than it says, is refused before that`, async () => {
      const spaces = { [name]: ' '.repeat(100_000) };
      expect(await outcome(await archiveSaying(200 * 1024 * 1024, spaces), `q.${format}`)).to.equal('zipBig');
      expect(await outcome(await archiveSaying(1_000, spaces), `q.${format}`)).to.equal('zip');
    });
  }

  it('a small archive that unpacks to over 1 MB, and a text of over 200 questions, are read beside the process', async () => {
    expect(await isLargeFile(await archiveSaying(2 * 1024 * 1024, { 'word/document.xml': 'x' }))).to.equal(
      true,
    );
    expect(await isLargeFile(await archiveSaying(2 * 1024, { 'word/document.xml': 'x' }))).to.equal(false);
    expect(await isLargeFile(Buffer.from(quiz(essay('a').repeat(201))))).to.equal(true);
    expect(await isLargeFile(Buffer.from(quiz(essay('a {b}').repeat(199))))).to.equal(false);
    expect(await isLargeFile(Buffer.from('Вопрос;Ответ\n'.repeat(300)))).to.equal(true);
    expect(await isLargeFile(Buffer.from([0x50, 0x4b, 3, 4, 1]))).to.equal(false);
  });

  it('archives whose names lead out of them are refused', async () => {
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from('<manifest/>'), 'imsmanifest.xml');
    zip.addBuffer(Buffer.from('<x/>'), 'xx/xx/passwd.xml');
    zip.end();
    const bytes = await buffer(zip.outputStream);
    // The library writes no such names: they are changed in the finished archive.
    for (let at = bytes.indexOf('xx/xx/'); at >= 0; at = bytes.indexOf('xx/xx/', at))
      bytes.write('../../', at);
    expect(await outcome(bytes, 'q.zip')).to.equal('zip');
  });

  it('files of 100 MB are refused before they are read', async () => {
    expect(await outcome(Buffer.alloc(MOST_FILE_BYTES), 'q.xml')).to.equal('tooBig');
  });

  for (const [encoding, bytes] of [
    ['UTF-8 with a mark', Buffer.from(`\ufeff${quiz(essay('Ёж'))}`)],
    ['UTF-16', Buffer.from(`\ufeff${quiz(essay('Ёж'))}`, 'utf16le')],
    [
      'windows-1251',
      Buffer.concat([
        Buffer.from(
          '<?xml version="1.0" encoding="windows-1251"?><quiz><question type="essay"><questiontext><text>',
        ),
        Buffer.from([0xa8, 0xe6]),
        Buffer.from('</text></questiontext></question></quiz>'),
      ]),
    ],
  ] as const) {
    it(`${encoding} is read`, async () => {
      expect((await readQuestions(bytes, 'q.xml')).questions.map(({ text }) => text)).to.deep.equal(['Ёж']);
    });
  }

  it('a text longer than the bank holds is named, not cut', async () => {
    const { questions } = await readQuestions(
      Buffer.from(quiz(essay('а'.repeat(20_000), 'plain_text'))),
      'q.xml',
    );
    expect(questions.map(contentOf)[0]).to.include({ what: 'text' });
  });
});
