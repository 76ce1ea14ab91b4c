import { DAY } from '../../../shared/clock.js';
import { KEPT_DAYS, type ExportRecord } from './export.js';

/** A file that was asked for, as pages show it. @param exportsAt address of the pages of exports */
export const exportRecordView = (found: ExportRecord, exportsAt: string) => {
  const { id, kind, title, format, state, problem, done, total, createdAt, back } = found;
  return {
    ...{ id, kind, title, format, state, problem, done, total, createdAt, back },
    address: `${exportsAt}/${id}`,
    file: state === 'ready' ? `${exportsAt}/${id}/file` : null,
    /** Of the bar, which must not be 0. */
    most: Math.max(1, total ?? 0),
    keptUntil: new Date(createdAt.getTime() + KEPT_DAYS * DAY),
  };
};

export type ExportRecordView = ReturnType<typeof exportRecordView>;
