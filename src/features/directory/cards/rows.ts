/** A list in a form whose rows are fields that repeat: `contactKind`, `contactValue`, … */
export interface RowList {
  /** The list's name in JSON, and in errors: `contacts.2.value`. */
  readonly name: string;
  /** Before the names of its fields. */
  readonly prefix: string;
  readonly fields: readonly string[];
  /** A row in which all of these are blank is none. */
  readonly keys: readonly string[];
  /** The field that says at which place the row shall stand; a form's, no part of the row. */
  readonly place?: string;
}

export const ROW_LISTS: readonly RowList[] = [
  {
    name: 'contacts',
    prefix: 'contact',
    fields: ['id', 'kind', 'value', 'purpose', 'hours', 'visibility'],
    keys: ['value'],
    place: 'place',
  },
  {
    name: 'education',
    prefix: 'education',
    fields: ['level', 'speciality', 'qualification'],
    keys: ['speciality', 'qualification'],
  },
  {
    name: 'training',
    prefix: 'training',
    fields: ['title', 'place', 'finishedOn'],
    keys: ['title', 'place', 'finishedOn'],
  },
  {
    name: 'retraining',
    prefix: 'retraining',
    fields: ['title', 'place', 'finishedOn'],
    keys: ['title', 'place', 'finishedOn'],
  },
];

type Sent = Readonly<Record<string, unknown>>;

const fieldName = (prefix: string, field: string): string =>
  `${prefix}${field.charAt(0).toUpperCase()}${field.slice(1)}`;

/** Puts rows at the places that were typed beside them, from 1; a row that is moved goes before the one it meets. */
function inPlaces<Row>(rows: readonly Row[], places: readonly unknown[]): Row[] {
  const keyed = rows.map((row, index) => {
    const place = Number(places[index]) || index + 1;
    return { row, key: place + Math.sign(place - index - 1) / 2 };
  });
  return keyed.sort((a, b) => a.key - b.key).map(({ row }) => row);
}

const listed = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];

/** Makes lists of rows of a form's repeated fields. What is sent as a list, as JSON does, stays as it is. */
export function gatherRows(sent: Sent): Record<string, unknown> {
  const repeated = ROW_LISTS.flatMap(({ prefix, fields, place }) =>
    [...fields, ...(place === undefined ? [] : [place])].map((field) => fieldName(prefix, field)),
  );
  const rest: Record<string, unknown> = Object.fromEntries(
    Object.entries(sent).filter(([name]) => !repeated.includes(name)),
  );
  for (const { name, prefix, fields, keys, place } of ROW_LISTS) {
    const columns = fields.map((field) => [field, listed(sent[fieldName(prefix, field)])] as const);
    const count = Math.max(...columns.map(([, values]) => values.length));
    if (count === 0) continue;
    const rows = Array.from({ length: count }, (_, index) =>
      Object.fromEntries(columns.map(([field, values]) => [field, values[index] ?? ''])),
    );
    const filled = (value: unknown): boolean => typeof value !== 'string' || value.trim() !== '';
    const ordered = place === undefined ? rows : inPlaces(rows, listed(sent[fieldName(prefix, place)]));
    rest[name] ??= ordered.filter((row) => keys.some((key) => filled(row[key])));
  }
  return rest;
}
