import { z } from 'zod';
import type { WorkFiles } from '../../../infra/files/index.js';
import { defineJob, type Jobs } from '../../../infra/jobs/index.js';
import { readTable } from '../../../infra/tables/index.js';
import { MINUTE } from '../../../shared/clock.js';
import { DomainError } from '../../../shared/errors.js';
import type { TimetableStore } from '../timetable.store.js';
import type { ImportWish } from './import.service.js';
import type { ImportsStore, TimetableImport } from './imports.store.js';
import type { ReadTimetable } from './reading.js';

export const TABLE = { mostRows: 3_000, timesOfDay: true } as const;

export interface ImportJobsDeps {
  readonly jobs: Pick<Jobs, 'register' | 'enqueue' | 'enqueueOnce'>;
  readonly imports: ImportsStore;
  readonly kept: WorkFiles;
  readonly classes: Pick<TimetableStore, 'insert'>;
  readonly read: (uploaded: TimetableImport, wish: ImportWish) => Promise<ReadTimetable>;
}

export interface ImportJobs {
  /** Has an import gone on with that waits for a job; nothing for others, and for one whose job exists. */
  goOn(importId: string, state: TimetableImport['state']): Promise<void>;
}

/** The page names no more rows. */
const MOST_TAKEN_ROWS = 60;

const payload = z.object({ importId: z.string() });
const key = ({ importId }: { readonly importId: string }): string => importId;

/** Large files are read, and classes made, by jobs: both go on after a restart. */
export function addImportJobs({ jobs, imports, kept, classes, read }: ImportJobsDeps): ImportJobs {
  const readFile = jobs.register(
    defineJob({
      name: 'read-timetable',
      payload,
      key,
      async run({ payload: { importId } }) {
        const uploaded = await imports.findAnywhere(importId);
        if (uploaded?.state !== 'reading') return;
        try {
          // Large as it is, it is read in a thread.
          const { rows, encoding, format } = await readTable(await kept.read(uploaded.fileId), TABLE);
          await imports.endReading(importId, { rows, encoding: format === 'xlsx' ? 'XLSX' : encoding });
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          await imports.endReading(importId, { problem: error.details.fields?.file ?? 'errors.field.wrong' });
        }
        await kept.remove(uploaded.fileId);
      },
    }),
  );

  const makeClasses = jobs.register(
    defineJob({
      name: 'import-timetable',
      payload,
      key,
      timeoutMs: 30 * MINUTE,
      async run({ payload: { importId }, renew }) {
        const uploaded = await imports.findAnywhere(importId);
        if (uploaded?.state !== 'running' || uploaded.mapping === null) return;
        const { mapping, from, to, zone, courseId } = uploaded;
        const found = await read(uploaded, { map: mapping, from, to, zone });
        let taken = 0;
        const rows = new Set<number>();
        for (const [index, { row, day, ...made }] of found.classes.entries()) {
          // Made again after a crash, a class is known by its source.
          const result = await classes.insert({
            ...made,
            courseId,
            link: '',
            source: `${importId}:${row}:${day}`,
          });
          if (result === 'taken') {
            taken += 1;
            if (rows.size < MOST_TAKEN_ROWS) rows.add(row);
          }
          if (index % 50 !== 49) continue;
          const done = Math.max(uploaded.done, index + 1);
          await imports.progress(importId, { done, taken, takenRows: [...rows] });
          if (!(await renew())) return;
        }
        const done = found.classes.length;
        await imports.progress(importId, { state: 'done', done, taken, takenRows: [...rows] });
      },
    }),
  );

  return {
    async goOn(importId, state) {
      if (state === 'reading') await jobs.enqueueOnce(readFile, { importId });
      if (state === 'running') await jobs.enqueueOnce(makeClasses, { importId });
    },
  };
}
