import { Types } from 'mongoose';
import { readFile } from 'node:fs/promises';
import { createWorkFiles, type Files } from '../../../infra/files/index.js';
import type { Jobs } from '../../../infra/jobs/index.js';
import { isLongTable, readTable } from '../../../infra/tables/index.js';
import type { Actor } from '../../../shared/actor.js';
import { DAY, type Clock } from '../../../shared/clock.js';
import { badInput, conflict, forbidden, notFound } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import type { Named } from '../timetable-class.js';
import { mayPlan } from '../timetable.policy.js';
import type { TimetableStore } from '../timetable.store.js';
import { addImportJobs, TABLE } from './import.jobs.js';
import type { ImportsStore, TimetableImport } from './imports.store.js';
import { belowHeadings, proposedMap, type ColumnMap } from './mapping.js';
import { readTimetable, type ReadingContext, type ReadTimetable } from './reading.js';

export interface ImportDeps {
  readonly imports: ImportsStore;
  readonly classes: TimetableStore;
  readonly jobs: Pick<Jobs, 'register' | 'enqueue' | 'enqueueOnce'>;
  readonly files: Files;
  readonly clock: Clock;
  readonly teachersOf: (courseId: string) => Promise<readonly Named[]>;
  /** Days on which the centre is closed, from one to another. */
  readonly closedDays: (from: string, to: string) => Promise<readonly { readonly date: string }[]>;
  readonly groupsOf: (courseId: string) => Promise<ReadingContext['groups']>;
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
  /** Of the course: `classes` have their ids alone. */
  readonly teachers: readonly Named[];
  readonly groups: ReadingContext['groups'];
  /** Field of the period → key of the text that says what is wrong with it. */
  readonly errors: Readonly<Record<string, string>>;
}

export interface TimetableImporter {
  /**
   * Reads a file and keeps its rows; a job reads one of over 200 rows or 1 MB.
   * @throws DomainError on `file`: `bad-input`, `table-unreadable`, `table-too-long`
   */
  upload(actor: Actor, file: { readonly path: string; readonly name: string } | undefined): Promise<string>;
  /** What the classes would be; nothing is made. @param wish null: as the headings suggest */
  preview(actor: Actor, id: string, wish: Partial<ImportWish> & { zone: string }): Promise<ImportPreview>;
  /** Has the classes made by a job. @throws DomainError 409 `import-begun`; `bad-input` when there is no class */
  begin(actor: Actor, id: string, wish: ImportWish): Promise<void>;
  find(actor: Actor, id: string): Promise<TimetableImport>;
  /**
   * Removes the classes of an import that nobody has worked on since. Returns how many.
   * @throws DomainError 409 `import-not-done`
   */
  undo(actor: Actor, id: string): Promise<number>;
}

const MEGABYTE = 1024 * 1024;
export const IMPORT_MEGABYTES = 5;
const LONGEST_PERIOD = 400 * DAY;

/** What is wrong with the period: field → key of the text. */
function periodErrors({ from, to }: Pick<ImportWish, 'from' | 'to'>): Record<string, string> {
  if (from === '' || to === '') return {};
  if (to < from) return { to: 'errors.field.endBeforeStart' };
  return Date.parse(to) - Date.parse(from) > LONGEST_PERIOD ? { to: 'errors.field.tooFar' } : {};
}

export function createImporter(deps: ImportDeps): TimetableImporter {
  const { imports, classes, clock } = deps;

  async function find(actor: Actor, id: string): Promise<TimetableImport> {
    if (!mayPlan(actor)) throw forbidden();
    const found = await imports.findOptional(actor.courseId, id);
    if (found === null) throw notFound();
    return found;
  }

  async function read(
    uploaded: TimetableImport,
    wish: ImportWish,
  ): Promise<ReadTimetable & Pick<ImportPreview, 'teachers' | 'groups'>> {
    const { from, to } = wish;
    const [teachers, groups, closed] = await Promise.all([
      deps.teachersOf(uploaded.courseId),
      deps.groupsOf(uploaded.courseId),
      from === '' || to === '' ? [] : deps.closedDays(from, to),
    ]);
    const found = readTimetable({
      ...wish,
      rows: uploaded.rows,
      closed: new Set(closed.map(({ date }) => date)),
      teachers: teachers.map((person) => ({ ...person, fullName: fullName(person.name) })),
      groups,
    });
    return { ...found, teachers, groups };
  }

  const kept = createWorkFiles({
    files: deps.files,
    kind: 'timetable-import',
    maxBytes: IMPORT_MEGABYTES * MEGABYTE,
    inUse: (ids) => imports.filesInUse(ids),
  });
  const work = addImportJobs({ jobs: deps.jobs, imports, kept, classes, read });

  return {
    find,

    async upload(actor, file) {
      if (!mayPlan(actor)) throw forbidden();
      if (file === undefined) throw badInput({ file: 'errors.field.missing' });
      const bytes = await readFile(file.path);
      const fileName = file.name.slice(0, 200);
      const uploaded = { courseId: actor.courseId, by: actor.personId, fileName, at: clock.now() };
      if (!(await isLongTable(bytes))) {
        const { rows, encoding, format } = await readTable(bytes, TABLE);
        return imports.insert({ ...uploaded, encoding: format === 'xlsx' ? 'XLSX' : encoding, rows });
      }
      const id = new Types.ObjectId().toString();
      const fileId = await kept.keep({ bytes, name: file.name }, { id, uploadedBy: actor.personId });
      await imports.insert({ ...uploaded, id, fileId, encoding: '', rows: [] });
      await work.goOn(id, 'reading');
      return id;
    },

    async preview(actor, id, { map, zone, ...wish }) {
      const uploaded = await find(actor, id);
      const { from = uploaded.from, to = uploaded.to } = wish;
      // A process that was killed may have left it without its job.
      await work.goOn(id, uploaded.state);
      const { headings } = belowHeadings(uploaded.rows);
      const used = map ?? uploaded.mapping ?? proposedMap(headings);
      const errors = periodErrors({ from, to });
      // Weekdays are looked for in no period that is wrong.
      const period = Object.keys(errors).length === 0 ? { from, to } : { from: '', to: '' };
      const found = await read(uploaded, { map: used, ...period, zone });
      return { ...found, uploaded, headings, map: used, errors };
    },

    async begin(actor, id, wish) {
      const uploaded = await find(actor, id);
      const errors = periodErrors(wish);
      if (Object.keys(errors).length > 0) throw badInput(errors);
      if (wish.map.title === undefined) throw badInput({ title: 'errors.field.missing' });
      const found = await read(uploaded, wish);
      if (found.classes.length === 0) throw badInput({ map: 'errors.field.nothingToImport' });
      if (found.faults.some(({ what }) => what === 'tooMany'))
        throw badInput({ map: 'errors.field.tooManyClasses' });
      const { map: mapping, from, to, zone } = wish;
      if (!(await imports.begin(id, { mapping, from, to, zone, total: found.classes.length })))
        throw conflict('import-begun');
      await work.goOn(id, 'running');
    },

    async undo(actor, id) {
      const uploaded = await find(actor, id);
      if (!(await imports.undo(uploaded.id))) throw conflict('import-not-done');
      return classes.removeImported(uploaded.id);
    },
  };
}
