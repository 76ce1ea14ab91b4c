import { inflateRawSync } from 'node:zlib';

/** The parts of an XLSX file (a ZIP archive) as texts, by their names. */
export function partsOf(workbook: Buffer): Map<string, string> {
  const parts = new Map<string, string>();
  const end = workbook.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = workbook.readUInt32LE(end + 16);
  for (let left = workbook.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = workbook.readUInt16LE(at + 28);
    const name = workbook.toString('utf8', at + 46, at + 46 + nameLength);
    const local = workbook.readUInt32LE(at + 42);
    const begin = local + 30 + workbook.readUInt16LE(local + 26) + workbook.readUInt16LE(local + 28);
    const data = workbook.subarray(begin, begin + workbook.readUInt32LE(at + 20));
    const stored = workbook.readUInt16LE(at + 10) === 0;
    parts.set(name, (stored ? data : inflateRawSync(data)).toString('utf8'));
    at += 46 + nameLength + workbook.readUInt16LE(at + 30) + workbook.readUInt16LE(at + 32);
  }
  return parts;
}

export interface SheetCell {
  readonly type: string;
  readonly value: string;
}

/** The cells of the first sheet by their addresses ("B2"), shared strings put in. */
export function cellsOf(workbook: Buffer): Map<string, SheetCell> {
  const parts = partsOf(workbook);
  const strings = [...(parts.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(
    ([, item]) => (item ?? '').replace(/<[^>]+>/g, ''),
  );
  const sheet = parts.get('xl/worksheets/sheet1.xml') ?? '';
  return new Map(
    [...sheet.matchAll(/<c r="(\w+)"([^>]*)>(.*?)<\/c>/gs)].map(
      ([, address = '', attributes = '', inner = '']) => {
        const type = /t="(\w+)"/.exec(attributes)?.[1] ?? 'n';
        const value = inner.replace(/<[^>]+>/g, '');
        return [address, { type, value: type === 's' ? (strings[Number(value)] ?? '') : value }];
      },
    ),
  );
}
