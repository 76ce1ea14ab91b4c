/** A list in a form whose rows are fields that repeat: `contactKind`, `contactValue`, … */
export interface RowList {
  /** The list's name in JSON, and in errors: `contacts.2.value`. */
  readonly name: string;
  /** Before the names of its fields. */
  readonly prefix: string;
  readonly fields: readonly string[];
  /** A row in which all of these are blank is none. */
  readonly keys: readonly string[];
}

export const ROW_LISTS: readonly RowList[] = [
  {
    name: 'contacts',
    prefix: 'contact',
    fields: ['id', 'kind', 'value', 'purpose', 'hours', 'visibility'],
    keys: ['value'],
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

const listed = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];

/** Makes lists of rows of a form's repeated fields. What is sent as a list, as JSON does, stays as it is. */
export function gatherRows(sent: Sent): Record<string, unknown> {
  const repeated = ROW_LISTS.flatMap(({ prefix, fields }) => fields.map((field) => fieldName(prefix, field)));
  const rest: Record<string, unknown> = Object.fromEntries(
    Object.entries(sent).filter(([name]) => !repeated.includes(name)),
  );
  for (const { name, prefix, fields, keys } of ROW_LISTS) {
    const columns = fields.map((field) => [field, listed(sent[fieldName(prefix, field)])] as const);
    const count = Math.max(...columns.map(([, values]) => values.length));
    if (count === 0) continue;
    const rows = Array.from({ length: count }, (_, index) =>
      Object.fromEntries(columns.map(([field, values]) => [field, values[index] ?? ''])),
    );
    const filled = (value: unknown): boolean => typeof value !== 'string' || value.trim() !== '';
    rest[name] ??= rows.filter((row) => keys.some((key) => filled(row[key])));
  }
  return rest;
}
