import { readFile } from 'node:fs/promises';
import type { Job, Jobs } from '../../../infra/jobs/index.js';
import { defineJob } from '../../../infra/jobs/index.js';
import { readTable } from '../../../infra/tables/index.js';
import type { Actor } from '../../../shared/actor.js';
import { DAY, type Clock } from '../../../shared/clock.js';
import { badInput, conflict, forbidden, notFound } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import { z } from 'zod';
import type { Named } from '../timetable-class.js';
import { mayPlan } from '../timetable.policy.js';
import type { TimetableStore } from '../timetable.store.js';
import type { ImportsStore, TimetableImport } from './imports.store.js';
import { belowHeadings, proposedMap, type ColumnMap } from './mapping.js';
import { readTimetable, type ReadTimetable } from './reading.js';

export interface ImportDeps {
  readonly imports: ImportsStore;
  readonly classes: TimetableStore;
  readonly jobs: Pick<Jobs, 'register' | 'enqueue'>;
  readonly clock: Clock;
  readonly teachersOf: (courseId: string) => Promise<readonly Named[]>;
  readonly groupsOf: (courseId: string) => Promise<readonly { readonly id: string; readonly name: string }[]>;
}

/** What the importer says of a file. */
export interface ImportWish {
  readonly map: ColumnMap;
  readonly from: string;
  readonly to: string;
  readonly zone: string;
}

export interface ImportPreview extends ReadTimetable {
  readonly uploaded: TimetableImport;
  readonly headings: readonly string[];
  readonly map: ColumnMap;
}

export interface TimetableImporter {
  /** Reads a file and keeps its rows. @throws DomainError on `file`: `bad-input`, `table-unreadable`, `table-too-long` */
  upload(actor: Actor, file: { readonly path: string; readonly name: string } | undefined): Promise<string>;
  /** What the classes would be; nothing is made. @param wish null: as the headings suggest */
  preview(actor: Actor, id: string, wish: Partial<ImportWish> & { zone: string }): Promise<ImportPreview>;
  /** Has the classes made by a job. @throws DomainError 409 `import-begun`; `bad-input` when there is no class */
  begin(actor: Actor, id: string, wish: ImportWish): Promise<void>;
  find(actor: Actor, id: string): Promise<TimetableImport>;
  /** Removes the classes of an import that nobody has worked on since. Returns how many. */
  undo(actor: Actor, id: string): Promise<number>;
}

const TABLE = { mostRows: 3_000, timesOfDay: true } as const;
const LONGEST_PERIOD = 400 * DAY;

export function createImporter(deps: ImportDeps): TimetableImporter {
  const { imports, classes, clock } = deps;

  async function find(actor: Actor, id: string): Promise<TimetableImport> {
    if (!mayPlan(actor)) throw forbidden();
    const found = await imports.findOptional(actor.courseId, id);
    if (found === null) throw notFound();
    return found;
  }

  async function read(uploaded: TimetableImport, wish: ImportWish): Promise<ReadTimetable> {
    const [teachers, groups] = await Promise.all([
      deps.teachersOf(uploaded.courseId),
      deps.groupsOf(uploaded.courseId),
    ]);
    return readTimetable({
      ...wish,
      rows: uploaded.rows,
      teachers: teachers.map((person) => ({ ...person, fullName: fullName(person.name) })),
      groups,
    });
  }

  const job: Job<{ importId: string }> = deps.jobs.register(
    defineJob({
      name: 'import-timetable',
      payload: z.object({ importId: z.string() }),
      key: ({ importId }) => importId,
      async run({ payload: { importId }, renew }) {
        const uploaded = await imports.findAnywhere(importId);
        if (uploaded?.state !== 'running' || uploaded.mapping === null) return;
        const { mapping, from, to, zone, courseId } = uploaded;
        const found = await read(uploaded, { map: mapping, from, to, zone });
        let taken = 0;
        for (const [index, { row, day, ...made }] of found.classes.entries()) {
          // Made again after a crash, a class is known by its source.
          const result = await classes.insert({
            ...made,
            courseId,
            link: '',
            source: `${importId}:${row}:${day}`,
          });
          taken += Number(result === 'taken');
          if (index % 50 !== 49) continue;
          await imports.progress(importId, { done: index + 1, taken });
          if (!(await renew())) return;
        }
        await imports.progress(importId, { state: 'done', done: found.classes.length, taken });
      },
    }),
  );

  return {
    find,

    async upload(actor, file) {
      if (!mayPlan(actor)) throw forbidden();
      if (file === undefined) throw badInput({ file: 'errors.field.missing' });
      const { rows, encoding, format } = await readTable(await readFile(file.path), TABLE);
      return imports.insert({
        courseId: actor.courseId,
        by: actor.personId,
        fileName: file.name.slice(0, 200),
        encoding: format === 'xlsx' ? 'XLSX' : encoding,
        rows,
        at: clock.now(),
      });
    },

    async preview(actor, id, { map, from = '', to = '', zone }) {
      const uploaded = await find(actor, id);
      const { headings } = belowHeadings(uploaded.rows);
      const used = map ?? uploaded.mapping ?? proposedMap(headings);
      const found = await read(uploaded, { map: used, from, to, zone });
      return { ...found, uploaded, headings, map: used };
    },

    async begin(actor, id, wish) {
      const uploaded = await find(actor, id);
      if (wish.from !== '' && wish.to !== '') {
        if (wish.to < wish.from) throw badInput({ to: 'errors.field.endBeforeStart' });
        if (Date.parse(wish.to) - Date.parse(wish.from) > LONGEST_PERIOD)
          throw badInput({ to: 'errors.field.tooFar' });
      }
      if (wish.map.title === undefined) throw badInput({ title: 'errors.field.missing' });
      const found = await read(uploaded, wish);
      if (found.classes.length === 0) throw badInput({ map: 'errors.field.nothingToImport' });
      const { map: mapping, from, to, zone } = wish;
      if (!(await imports.begin(id, { mapping, from, to, zone, total: found.classes.length })))
        throw conflict('import-begun');
      await deps.jobs.enqueue(job, { importId: id });
    },

    async undo(actor, id) {
      const uploaded = await find(actor, id);
      return classes.removeImported(uploaded.id);
    },
  };
}
