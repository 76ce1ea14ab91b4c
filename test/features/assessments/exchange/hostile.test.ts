import { expect } from 'chai';
import { ZipFile } from 'yazl';
import { contentOf } from '../../../../src/features/assessments/exchange/content.js';
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

  it('archives whose names lead out of them are refused', async () => {
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from('<manifest/>'), 'imsmanifest.xml');
    zip.addBuffer(Buffer.from('<x/>'), 'xx/xx/passwd.xml');
    zip.end();
    const parts: Buffer[] = [];
    for await (const part of zip.outputStream as AsyncIterable<Buffer>) parts.push(part);
    const bytes = Buffer.concat(parts);
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
