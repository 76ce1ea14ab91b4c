import type { AuditValues } from './audit.store.js';

/** Of values before and after a change, only those that are other afterwards. */
export function changed(
  before: AuditValues,
  after: AuditValues,
): { readonly before: AuditValues; readonly after: AuditValues } {
  const names = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
  const of = (all: AuditValues): AuditValues =>
    Object.fromEntries(names.map((name) => [name, all[name] ?? '']));
  return { before: of(before), after: of(after) };
}
