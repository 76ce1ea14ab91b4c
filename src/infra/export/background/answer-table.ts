import type { Request, Response } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { seeOther } from '../../../web/present.js';
import { homeOf, requesterOf } from '../../../web/requester.js';
import { cellOf, chooseColumns, type Column, type Reader } from '../columns.js';
import { parseWanted, sendExport } from '../send.js';
import type { ExportParameters, TableExportKind } from './export.js';
import type { ExportBeginning } from './exports.js';

/** What is written while the request waits; more is written by a job. */
const AT_ONCE = { rows: 200, characters: 1_000_000 } as const;

export interface AnswerDeps<Row> {
  readonly service: ExportBeginning;
  readonly kind: TableExportKind<Row>;
  readonly clock: Clock;
}

/** Sends a short table at once; of a long one a job makes a file, and the answer leads to its page. */
export async function answerTable<Row>(
  { service, kind, clock }: AnswerDeps<Row>,
  req: Request,
  res: Response,
  parameters: ExportParameters,
  back: string,
): Promise<void> {
  const { format, columns: keys } = parseWanted(req.query);
  const requester = requesterOf(req);
  const table = await kind.open(requester, parameters, req.page);
  const columns = chooseColumns(table.columns, keys);
  const rows = table.isLong === true ? null : await shortOrNull(await table.rows(), columns, req.page);
  if (rows !== null) {
    await sendExport(req, res, { ...table, rows: () => rows, now: clock.now() });
    return;
  }
  // A HEAD leaves nothing behind.
  if (req.method === 'HEAD') {
    res.status(200).end();
    return;
  }
  const wish = { kind: kind.name, parameters, format, columns: keys, back };
  const id = await service.begin(requester, wish, table.title, req.page);
  seeOther(res, `${homeOf(requester)}/exports/${id}?now=1`);
}

/** Returns the rows of a short table, and null for a long one, which is read no further. */
async function shortOrNull<Row>(
  rows: Iterable<Row> | AsyncIterable<Row>,
  columns: readonly Column<Row>[],
  reader: Reader,
): Promise<Row[] | null> {
  const read: Row[] = [];
  let characters = 0;
  for await (const row of rows) {
    if (read.length === AT_ONCE.rows) return null;
    read.push(row);
    for (const column of columns) {
      const { kind, value } = cellOf(column, row, reader);
      if (kind === 'text') characters += value?.length ?? 0;
    }
    if (characters > AT_ONCE.characters) return null;
  }
  return read;
}
