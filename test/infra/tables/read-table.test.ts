import { expect } from 'chai';
import writeWorkbook from 'write-excel-file/node';
import { readTable, type TableRule } from '../../../src/infra/tables/index.js';

const lines = (...rows: readonly string[]): Buffer => Buffer.from(rows.join('\r\n'));

const faultOf = async (bytes: Buffer, rule?: TableRule): Promise<unknown> => {
  try {
    await readTable(bytes, rule);
    return null;
  } catch (error) {
    return (error as { details: { fields: { file: string } } }).details.fields.file;
  }
};

describe('a table that is uploaded', () => {
  it('is read with the delimiter of most lines, though a title stands above and commas in its texts', async () => {
    const { rows } = await readTable(
      lines('Вопросы, осень', 'вопрос;ответ', 'Сколько, если x, y, z — 1, 2, 3?;6', '"Да; нет";1'),
    );
    expect(rows[2]).to.deep.equal(['Сколько, если x, y, z — 1, 2, 3?', '6']);
    expect(rows[3]).to.deep.equal(['Да; нет', '1']);
  });

  it('keeps empty rows, so that a row’s number is its line in the file', async () => {
    const { rows } = await readTable(lines('ФИО;Почта', '', ';', 'Ким;kim@example.org', '', ''));
    expect(rows.map((row) => row[0])).to.deep.equal(['ФИО', '', '', 'Ким']);
  });

  it('says how a text was encoded: UTF-8, UTF-16, windows-1251', async () => {
    const russian = Buffer.from([0xcf, 0xf0, 0xe5, 0xe4, 0xec, 0xe5, 0xf2, 0x3b, 0x31]);
    expect(await readTable(russian)).to.include({ encoding: 'windows-1251', format: 'csv' });
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Предмет;1', 'utf16le')]);
    expect((await readTable(wide)).rows).to.deep.equal([['Предмет', '1']]);
    expect((await readTable(Buffer.from('\ufeffПредмет;1'))).rows[0]?.[0]).to.equal('Предмет');
  });

  it('has dates and, where the rule says so, parts of a day as times', async () => {
    const bytes = await writeWorkbook([
      [
        { type: Date, value: new Date('2026-12-01T00:00:00Z'), format: 'dd.mm.yyyy' },
        { type: Number, value: 0.375 },
        { type: String, value: ' каб. 5 ' },
      ],
    ]).toBuffer();
    expect((await readTable(bytes)).rows).to.deep.equal([['2026-12-01', '0.375', 'каб. 5']]);
    expect((await readTable(bytes, { timesOfDay: true })).rows[0]?.[1]).to.equal('09:00');
  });

  it('is refused by name when it is of another kind, empty, damaged, or too long', async () => {
    expect(await faultOf(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0]))).to.equal('errors.field.tableKind');
    expect(await faultOf(Buffer.from('%PDF-1.7\n\u0001\u0002'))).to.equal('errors.field.tableKind');
    expect(await faultOf(lines('', ';;', ''))).to.equal('errors.field.tableEmpty');
    expect(await faultOf(Buffer.from('PK\u0003\u0004 not a zip', 'latin1'))).to.equal(
      'errors.field.tableUnreadable',
    );
    expect(await faultOf(lines('a;b', 'c;"d'))).to.equal('errors.field.tableUnreadable');
    expect(await faultOf(lines('1', '2', '3'), { mostRows: 2 })).to.equal('errors.field.tableTooLong');
  });

  it('is read in a thread of its own when it has over 200 rows, with the same result and faults', async () => {
    const { rows, encoding } = await readTable(lines('имя;фамилия', ...Array<string>(300).fill('Анна;Ким')));
    expect([rows.length, encoding, rows[300]]).to.deep.equal([301, 'utf-8', ['Анна', 'Ким']]);
    expect(await faultOf(lines(...Array<string>(20_100).fill('Анна;Ким')))).to.equal(
      'errors.field.tableTooLong',
    );
  });

  it('is refused before it is unpacked when a small archive would become a huge sheet', async () => {
    expect(await faultOf(zipThatClaims(300 * 1024 * 1024))).to.equal('errors.field.tableTooLong');
  });

  it('is refused when an entry of a workbook is longer than the archive says', async () => {
    const bytes = await writeWorkbook([[{ type: String, value: 'Ким' }]]).toBuffer();
    expect((await readTable(bytes)).rows).to.deep.equal([['Ким']]);
    for (let at = 0; (at = bytes.indexOf(CENTRAL_HEADER, at + 1)) !== -1;) bytes.writeUInt32LE(1, at + 24);
    expect(await faultOf(bytes)).to.equal('errors.field.tableUnreadable');
  });
});

/** Begins the record of a file in the list of an archive. */
const CENTRAL_HEADER = Buffer.from([0x50, 0x4b, 1, 2]);

/** An archive with one entry that says it unpacks to so many bytes. */
function zipThatClaims(size: number): Buffer {
  const name = Buffer.from('xl/worksheets/sheet1.xml');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(2, 18);
  local.writeUInt32LE(size, 22);
  local.writeUInt16LE(name.length, 26);
  const data = Buffer.from([3, 0]);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(2, 20);
  central.writeUInt32LE(size, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  const before = local.length + name.length + data.length;
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(before, 16);
  return Buffer.concat([local, name, data, central, name, end]);
}
