import { Schema, type Connection } from 'mongoose';
import { namedFiles } from '../../../infra/files/index.js';
import { isDuplicateKey } from '../../../storage/index.js';
import type { Card, CardContent } from '../cards/card.js';
import { isImportField, type Mapping } from './fields.js';
import type { StructureChange } from './structure-change.js';

export type ImportState = 'draft' | 'running' | 'done' | 'undoing' | 'undone';

/** One uploaded table, from its upload to its undoing. */
export interface ImportRecord {
  readonly key: string;
  readonly fileId: string;
  readonly fileName: string;
  readonly mapping: Mapping;
  readonly state: ImportState;
  readonly visibility: 'staff' | 'students' | 'public';
  readonly consent: boolean;
  /** Lines that are written, and all that are to be. */
  readonly written: number;
  readonly total: number;
  readonly made: number;
  readonly changed: number;
  /** Cards that undoing left alone, because they were changed since. */
  readonly keptByUndo: number;
  /** Titles of associations and departments that undoing left, because something uses them since. */
  readonly keptTitles: readonly string[];
  readonly by: string;
  readonly byName: string;
  readonly at: Date;
}

/** What an import did to one card. */
export interface ImportChange {
  readonly importKey: string;
  readonly line: number;
  readonly cardId: string;
  /** What the card said before; null for a card that the import made. */
  readonly before: (CardContent & Partial<Pick<Card, 'postTerms'>>) | null;
  /** Version of the card after the import. */
  readonly version: number;
}

/** How long an import can be looked at, and the last one undone. */
const KEPT_SECONDS = 30 * 86_400;

interface ImportRow extends Omit<ImportRecord, 'keptTitles'> {
  /** Absent on an import that is older than the field. */
  readonly keptTitles?: readonly string[];
  /** What was done to associations and departments, in the order in which it was done. */
  readonly structure?: readonly StructureChange[];
}

const structureChange = new Schema<StructureChange>(
  { what: String, title: String, id: String, before: String },
  { _id: false },
);

const importSchema = new Schema<ImportRow>(
  {
    key: { type: String, required: true },
    fileId: { type: String, required: true },
    fileName: { type: String, default: '' },
    mapping: { type: [String], default: [] },
    state: { type: String, required: true },
    visibility: { type: String, default: 'staff' },
    consent: { type: Boolean, default: false },
    written: { type: Number, default: 0 },
    total: { type: Number, default: 0 },
    made: { type: Number, default: 0 },
    changed: { type: Number, default: 0 },
    keptByUndo: { type: Number, default: 0 },
    keptTitles: { type: [String], default: [] },
    structure: { type: [structureChange], default: undefined },
    by: { type: String, default: '' },
    byName: { type: String, default: '' },
    at: { type: Date, required: true },
  },
  { collection: 'directory_imports', versionKey: false },
);
importSchema.index({ key: 1 }, { unique: true });
importSchema.index({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });

const changeSchema = new Schema<ImportChange & { at: Date }>(
  {
    importKey: { type: String, required: true },
    line: { type: Number, required: true },
    cardId: { type: String, required: true },
    before: { type: Schema.Types.Mixed, default: null },
    version: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'directory_import_changes', versionKey: false, minimize: false },
);
changeSchema.index({ importKey: 1, line: 1 }, { unique: true });
changeSchema.index({ cardId: 1 });
changeSchema.index({ at: 1 }, { expireAfterSeconds: KEPT_SECONDS });

interface MappingRow {
  _id: string;
  mapping: readonly string[];
}

const mappingSchema = new Schema<MappingRow>(
  { _id: { type: String, required: true }, mapping: { type: [String], default: [] } },
  { collection: 'directory_import_mappings', versionKey: false },
);

const plain = (row: ImportRow): ImportRecord => ({
  key: row.key,
  fileId: row.fileId,
  fileName: row.fileName,
  mapping: row.mapping.map((field) => (isImportField(field) ? field : '')),
  state: row.state,
  visibility: row.visibility,
  consent: row.consent,
  written: row.written,
  total: row.total,
  made: row.made,
  changed: row.changed,
  keptByUndo: row.keptByUndo,
  keptTitles: row.keptTitles ?? [],
  by: row.by,
  byName: row.byName,
  at: row.at,
});

export interface ImportsStore {
  insert(record: ImportRecord): Promise<void>;
  findOptional(key: string): Promise<ImportRecord | null>;
  /** Newest first. */
  list(limit: number): Promise<ImportRecord[]>;
  /** Changes an import that is in one of the states. Returns false otherwise. */
  update(key: string, states: readonly ImportState[], some: Partial<ImportRecord>): Promise<boolean>;
  addChange(change: ImportChange, at: Date): Promise<void>;
  changesOf(importKey: string): Promise<ImportChange[]>;
  countChanges(importKey: string): Promise<number>;
  /** Forgets what was done to one card: it is undone. */
  removeChange(importKey: string, line: number): Promise<void>;
  addStructure(importKey: string, changes: readonly StructureChange[]): Promise<void>;
  /** In the order in which they were done. */
  structureOf(importKey: string): Promise<readonly StructureChange[]>;
  mappingFor(headKey: string): Promise<Mapping | null>;
  rememberMapping(headKey: string, mapping: Mapping): Promise<void>;
  filesInUse(fileIds: readonly string[]): Promise<string[]>;
}

export function createImportsStore(connection: Connection): ImportsStore {
  const imports = connection.model('DirectoryImport', importSchema);
  const changes = connection.model('DirectoryImportChange', changeSchema);
  const mappings = connection.model('DirectoryImportMapping', mappingSchema);
  return {
    async insert(record) {
      await imports.create({ ...record, mapping: [...record.mapping] });
    },
    async findOptional(key) {
      const row = await imports.findOne({ key }).lean<ImportRecord>();
      return row && plain(row);
    },
    async list(limit) {
      return (await imports.find().sort({ at: -1 }).limit(limit).lean<ImportRecord[]>()).map(plain);
    },
    async update(key, states, some) {
      const { matchedCount } = await imports.updateOne({ key, state: { $in: [...states] } }, { $set: some });
      return matchedCount === 1;
    },
    async addChange(change, at) {
      try {
        await changes.create({ ...change, at });
      } catch (error) {
        // The line was written by a run that was cut short.
        if (!isDuplicateKey(error)) throw error;
      }
    },
    changesOf: (importKey) => changes.find({ importKey }).sort({ line: -1 }).lean<ImportChange[]>(),
    countChanges: (importKey) => changes.countDocuments({ importKey }),
    async removeChange(importKey, line) {
      await changes.deleteOne({ importKey, line });
    },
    async addStructure(importKey, added) {
      await imports.updateOne({ key: importKey }, { $push: { structure: { $each: [...added] } } });
    },
    async structureOf(importKey) {
      const row = await imports.findOne({ key: importKey }).select({ structure: 1 }).lean<ImportRow>();
      return (row?.structure ?? []).map(({ what, title, id, before }) => ({ what, title, id, before }));
    },
    async mappingFor(headKey) {
      const row = await mappings.findById(headKey).lean<MappingRow>();
      return row === null ? null : row.mapping.map((field) => (isImportField(field) ? field : ''));
    },
    async rememberMapping(headKey, mapping) {
      await mappings.updateOne({ _id: headKey }, { $set: { mapping: [...mapping] } }, { upsert: true });
    },
    filesInUse: (fileIds) => namedFiles(imports, fileIds),
  };
}
