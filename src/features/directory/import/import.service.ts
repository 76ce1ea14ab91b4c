import { readFile } from 'node:fs/promises';
import { createWorkFiles, type Files, type UploadedFile } from '../../../infra/files/index.js';
import { readTable } from '../../../infra/tables/index.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, notFound } from '../../../shared/errors.js';
import { newKey } from '../../../shared/ids.js';
import { fullName } from '../../../shared/names.js';
import type { CardActor } from '../directory.policy.js';
import { AT_ONCE, guessMapping, headOf, type Mapping, type Rows } from './fields.js';
import type { ImportsStore, ImportRecord } from './imports.store.js';
import type { RowContext } from './row-context.js';
import { readRows, type ImportedPerson, type LineFault } from './rows.js';
import type { ImportStructure } from './structure.js';
import { createUndoing } from './undoing.js';
import { emailsIn, type ImportWriter } from './writer.js';

export interface ImportPreview {
  readonly record: ImportRecord;
  /** Whether it is the last import, and can be undone. */
  readonly mayUndo: boolean;
  /** Cards that are still to be taken back of an import that is being undone. */
  readonly toTakeBack: number;
  readonly headings: readonly string[];
  readonly people: readonly (ImportedPerson & { readonly known: boolean })[];
  readonly faults: readonly LineFault[];
}

/** Import of people and associations from a table: upload, mapping, preview, writing, undoing. */
export interface ImportService {
  /** @throws DomainError `bad-input` on `file` */
  upload(actor: CardActor, upload: UploadedFile | undefined): Promise<string>;
  /** What a draft would do; of an import that was begun, its progress alone. @throws DomainError `not-found` */
  preview(key: string): Promise<ImportPreview>;
  /** Says what the columns hold, and remembers it for files with the same head. */
  map(key: string, mapping: Mapping): Promise<void>;
  /**
   * Writes all lines without faults. Returns false where that is done in the background.
   * @throws DomainError `conflict` when it is no draft any more
   */
  apply(key: string, options: Pick<ImportRecord, 'visibility' | 'consent'>): Promise<boolean>;
  /**
   * Undoes the last import. Cards, associations and departments that were changed since stay, and so do those that
   * something else needs since: a person, a material, a question. Returns false where that is done in the background.
   * @throws DomainError `conflict` for an earlier one
   */
  undo(key: string): Promise<boolean>;
  /** Whether an import is the last that was written. */
  mayUndo(record: ImportRecord): Promise<boolean>;
  list(): Promise<ImportRecord[]>;
  /** Writes what is left of an import; for the job. */
  write(key: string): Promise<void>;
  /** Takes back what is left of an import that is being undone; for the job. */
  takeBack(key: string): Promise<void>;
  /** For the terminal: reads a file and says what an import would do. */
  readFile(path: string): Promise<{ people: readonly ImportedPerson[]; faults: readonly LineFault[] }>;
}

/** Background work of imports that are too long for one request. */
export interface ImportJobs {
  /** Has an import written. */
  write(key: string): Promise<void>;
  /** Has an import taken back. */
  undo(key: string): Promise<void>;
}

export interface ImportServiceDeps {
  readonly store: ImportsStore;
  readonly files: Files;
  readonly writer: ImportWriter;
  readonly structure: Pick<ImportStructure, 'staying' | 'undo'>;
  readonly clock: Clock;
  readonly jobs: ImportJobs;
  /** What lines are read by. */
  readonly context: () => Promise<RowContext>;
}

const KIND = 'directory-import';
const MEGABYTE = 1024 * 1024;

export function createImportService({
  store,
  files,
  writer,
  structure,
  clock,
  jobs,
  context,
}: ImportServiceDeps): ImportService {
  const kept = createWorkFiles({
    files,
    kind: KIND,
    maxBytes: 40 * MEGABYTE,
    inUse: (ids) => store.filesInUse(ids),
  });

  const find = async (key: string): Promise<ImportRecord> => {
    const record = await store.findOptional(key);
    if (record === null) throw notFound();
    return record;
  };

  const tableOf = async ({ fileId }: ImportRecord): Promise<Rows> =>
    (await readTable(await kept.read(fileId))).rows;

  async function rowsOf(record: ImportRecord) {
    const table = await tableOf(record);
    const head = headOf(table);
    const mapping = head.headings.map((_, index) => record.mapping[index] ?? '');
    return { head, rows: readRows(table, head, mapping, await context()) };
  }

  return {
    async upload(actor, upload) {
      if (upload === undefined) throw badInput({ file: 'errors.field.missing' });
      const bytes = await readFile(upload.path);
      const head = headOf((await readTable(bytes)).rows);
      const key = newKey();
      const fileId = await kept.keep({ bytes, name: upload.name }, { id: key, uploadedBy: actor.personId });
      await store.insert({
        key,
        fileId,
        fileName: upload.name,
        mapping: (await store.mappingFor(head.key)) ?? guessMapping(head),
        ...{ state: 'draft', visibility: 'staff', consent: false },
        ...{ written: 0, total: 0, made: 0, changed: 0, keptByUndo: 0, keptTitles: [] },
        by: actor.personId,
        byName: fullName(actor.name),
        at: clock.now(),
      });
      return key;
    },

    async preview(key) {
      const record = await find(key);
      const progress = {
        mayUndo: await this.mayUndo(record),
        toTakeBack: record.state === 'undoing' ? await store.countChanges(key) : 0,
      };
      if (record.state !== 'draft') return { record, ...progress, headings: [], people: [], faults: [] };
      const { head, rows } = await rowsOf(record);
      return { record, ...progress, headings: head.headings, ...(await writer.check(rows)) };
    },

    async map(key, mapping) {
      const record = await find(key);
      const head = headOf(await tableOf(record));
      if (!(await store.update(key, ['draft'], { mapping }))) throw conflict('directory-stale');
      await store.rememberMapping(head.key, mapping);
    },

    async apply(key, { visibility, consent }) {
      const record = await find(key);
      if (visibility === 'public' && !consent) throw badInput({ consent: 'errors.field.consent' });
      const total = (await rowsOf(record)).rows.people.length;
      if (!(await store.update(key, ['draft'], { state: 'running', visibility, consent, total })))
        throw conflict('directory-stale');
      const isLong = total > AT_ONCE;
      if (isLong) await jobs.write(key);
      else await this.write(key);
      return !isLong;
    },

    async write(key) {
      const record = await find(key);
      if (record.state !== 'running') return;
      // What the file says, and not what fits the cards now: the count of written lines goes by it.
      const { people } = (await rowsOf(record)).rows;
      const emails = emailsIn(people);
      let { made, changed } = record;
      for (const [index, person] of people.entries()) {
        // Another run wrote these lines.
        if (index < record.written) continue;
        const done = await writer.write(record, person, emails);
        if (done === 'made') made += 1;
        if (done === 'changed') changed += 1;
        if (index % 25 === 24) await store.update(key, ['running'], { written: index + 1, made, changed });
      }
      await store.update(key, ['running'], { state: 'done', written: people.length, made, changed });
    },

    ...createUndoing({ store, writer, structure, jobs, find }),

    list: () => store.list(20),

    async readFile(path) {
      const table = (await readTable(await readFile(path))).rows;
      const head = headOf(table);
      const mapping = (await store.mappingFor(head.key)) ?? guessMapping(head);
      return writer.check(readRows(table, head, mapping, await context()));
    },
  };
}
