import type { Request, Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { contentDisposition } from '../../web/content-disposition.js';
import { list, parse } from '../../web/parse.js';
import { chooseColumns, type Column, type Reader } from './columns.js';
import { csvOf } from './csv.js';
import { fileName } from './file-name.js';
import { inGroups } from './groups.js';
import { jsonOf } from './json.js';
import { xlsxOf } from './xlsx.js';

export const EXPORT_FORMATS = ['xlsx', 'csv', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Media types of the files. */
export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
};

const exportQuery = z.object({
  format: z.enum(EXPORT_FORMATS),
  /** `columns=a,b`, or one parameter for each, as checkboxes send them. */
  columns: list(z.string().max(1_000)).transform((texts) =>
    texts.flatMap((text) => text.split(',').filter((key) => key !== '')),
  ),
});

/** The columns of a file that a request asks for, and its format. @throws DomainError `bad-input` */
export const parseWanted = (query: unknown): z.output<typeof exportQuery> => parse(exportQuery, query);

/** A format as it is stored. @throws DomainError `bad-input` */
export const parseFormat = (format: string): ExportFormat => parse(exportQuery, { format }).format;

/** A list that can be saved as a file. */
export interface ExportedList<Row> {
  /** Translated; names the file and the sheet. */
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  /** Called once the request is known to be right. */
  readonly rows: () => Iterable<Row> | AsyncIterable<Row> | Promise<Iterable<Row>>;
  readonly now: Date;
}

/**
 * Answers a request for a list as a file: `?format=csv|xlsx|json`, and `columns=a,b` for some of the columns.
 * Rows are written a few hundred at a time, as fast as the client takes them.
 * @throws DomainError `bad-input` naming `format` or `columns`
 */
export async function sendExport<Row>(req: Request, res: Response, wanted: ExportedList<Row>): Promise<void> {
  const { format, columns: keys } = parseWanted(req.query);
  const columns = chooseColumns(wanted.columns, keys);
  const rows = await wanted.rows();

  const body = await bodyOf(format, { ...wanted, columns }, inGroups(rows), req.page);

  res.status(200);
  res.setHeader('Content-Type', EXPORT_TYPES[format]);
  const name = fileName(wanted.title, wanted.now, req.page.zone, format);
  res.setHeader('Content-Disposition', contentDisposition('attachment', name));
  res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  if (req.method === 'HEAD') res.end();
  else if (body instanceof Uint8Array) res.end(body);
  else await finished(res, body);
}

/**
 * A table as a file, for jobs that have no request: the same bytes that `sendExport` answers.
 * @param tell is called after each group of rows with how many there were by then
 */
export async function exportedBytes<Row>(
  format: ExportFormat,
  {
    title,
    columns,
    rows,
  }: Pick<ExportedList<Row>, 'title' | 'columns'> & { readonly rows: Iterable<Row> | AsyncIterable<Row> },
  reader: Reader,
  tell: (done: number) => Promise<void> = () => Promise.resolve(),
): Promise<Buffer> {
  const body = await bodyOf(format, { title, columns }, counted(inGroups(rows), tell), reader);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

async function* counted<Row>(
  groups: AsyncIterable<readonly Row[]>,
  tell: (done: number) => Promise<void>,
): AsyncGenerator<readonly Row[]> {
  let done = 0;
  for await (const group of groups) {
    yield group;
    done += group.length;
    await tell(done);
  }
}

/** A workbook is written as a whole before it is sent, texts while they are. */
async function bodyOf<Row>(
  format: ExportFormat,
  { title, columns }: Pick<ExportedList<Row>, 'title' | 'columns'>,
  groups: AsyncIterable<readonly Row[]>,
  reader: Reader,
): Promise<Uint8Array | AsyncIterable<string>> {
  switch (format) {
    case 'xlsx':
      return xlsxOf(title, columns, groups, reader);
    case 'csv':
      return csvOf(columns, groups, reader);
    case 'json':
      return jsonOf(columns, groups, reader);
  }
}

/** Sends the pieces. A client that goes away is no error; one of the list breaks the answer off, so that it is seen. */
async function finished(res: Response, pieces: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(pieces), res);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
