import { cellOf, type Cell, type Column, type Reader } from './columns.js';

/**
 * A table as one JSON object, a piece for each group of rows:
 * `{ "columns": [{ "key", "heading", "kind" }], "rows": [{ <key>: value }] }`. Dates are ISO 8601 in UTC, durations
 * are seconds, empty cells are null.
 */
export async function* jsonOf<Row>(
  columns: readonly Column<Row>[],
  groups: AsyncIterable<readonly Row[]>,
  reader: Reader,
): AsyncGenerator<string> {
  const described = columns.map(({ key, heading, headingValues, kind }) => ({
    key,
    heading: reader.t(heading, headingValues),
    kind,
  }));
  yield `{"columns":${JSON.stringify(described)},"rows":[`;
  let separator = '';
  for await (const rows of groups) {
    if (rows.length === 0) continue;
    const records = rows.map((row) =>
      JSON.stringify(
        Object.fromEntries(columns.map((column) => [column.key, jsonValue(cellOf(column, row, reader))])),
      ),
    );
    yield separator + records.join(',');
    separator = ',';
  }
  yield ']}';
}

const jsonValue = ({ kind, value }: Cell): string | number | Date | null =>
  kind === 'duration' && value !== null ? Math.round(value / 1_000) : value;
