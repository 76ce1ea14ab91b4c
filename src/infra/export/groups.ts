import { setImmediate } from 'node:timers/promises';

/** Rows written before other requests get their turn: some milliseconds' work. */
const GROUP = 200;

/** Cuts rows into groups, and lets the event loop turn between them. */
export async function* inGroups<Row>(rows: Iterable<Row> | AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let group: Row[] = [];
  for await (const row of rows) {
    group.push(row);
    if (group.length < GROUP) continue;
    yield group;
    group = [];
    await setImmediate();
  }
  if (group.length > 0) yield group;
}
