import type { StorageStats, Transferred } from '../../src/storage/tools/index.js';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `12.3 MB` */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** Columns side by side; numbers to the right. */
function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) =>
          typeof cell === 'number' ? String(cell).padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** What is said of files whose bytes are not there, or damaged. */
export const missingFiles = (ids: readonly string[]): string =>
  ids.length === 0 ? '' : `; ${ids.length} missing or damaged: ${ids.slice(0, 5).join(', ')}`;

export function transferTable(collections: readonly Transferred[]): string {
  const rows = collections.map(({ name, documents, indexes, sha256 }) => [
    name,
    documents,
    `documents, equal on both sides (sha256 ${sha256.slice(0, 16)}…),`,
    indexes,
    'indexes',
  ]);
  const documents = collections.reduce((sum, collection) => sum + collection.documents, 0);
  return [
    ...(rows.length > 0 ? [table(rows)] : []),
    `${documents} documents in ${collections.length} collections`,
  ].join('\n');
}

export function statsTable(stats: StorageStats): string {
  const rows = stats.collections.flatMap(({ name, documents, bytes, indexes }) => [
    [name, documents, 'documents', size(bytes)],
    ...indexes.map((index) => [
      `  ${index.name}`,
      index.entries ?? '',
      index.entries === undefined ? '' : 'entries',
      size(index.bytes),
    ]),
  ]);
  const free = stats.freeBytes === undefined ? '' : `, ${size(stats.freeBytes)} of it free for reuse`;
  return [...(rows.length > 0 ? [table(rows)] : []), `${stats.engine}: ${size(stats.bytes)}${free}`].join(
    '\n',
  );
}
