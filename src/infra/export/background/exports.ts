import { createHash } from 'node:crypto';
import type { Request, Response, Router } from 'express';
import type { Connection } from 'mongoose';
import type { Clock } from '../../../shared/clock.js';
import { conflict, forbidden, notFound } from '../../../shared/errors.js';
import type { PersonalData } from '../../../shared/personal-data.js';
import type { Requester } from '../../../shared/requester.js';
import type { Page } from '../../../web/present.js';
import type { FileRecord, Files } from '../../files/index.js';
import type { Jobs } from '../../jobs/index.js';
import type { Reader } from '../columns.js';
import type { ExportKind, ExportParameters, ExportRecord, FindActor, TableExportKind } from './export.js';
import { addExportJobs, EXPORT_OWNER, type ExportJobs } from './exports.jobs.js';
import { createExportsStore, type ExportsStore } from './exports.store.js';
import { exportPage, exportsRouter } from './exports.routes.js';
import { exportsPersonalData } from './personal-data.js';
import { tableContent } from './table-content.js';
import { answerTable } from './answer-table.js';

/** What is asked for; the rest the requester and the reader say. */
export interface ExportWish {
  readonly kind: string;
  readonly parameters: ExportParameters;
  readonly format: string;
  /** Keys; all unless given. */
  readonly columns?: readonly string[];
  readonly subject?: string;
  /** Address of the page on which it is asked for. */
  readonly back: string;
}

/** Files that a job writes. */
export interface ExportService {
  /**
   * Has a file written. One that the requester waits for already is not begun again.
   * @returns id of the export
   * @throws DomainError of the kind; `forbidden` for those who only look; 409 `exports-waiting` with too many at once
   */
  ask(requester: Requester, wish: ExportWish, reader: Reader): Promise<string>;
  /** What the requester has asked for and can still have, newest first. @param about of one kind and subject */
  list(
    requester: Requester,
    about?: { readonly kind: string; readonly subject: string },
  ): Promise<ExportRecord[]>;
  /** Also has one go on whose job was never put in. @throws DomainError `not-found` */
  find(requester: Requester, id: string): Promise<ExportRecord>;
  /** Has one that failed written again. @throws DomainError `not-found` */
  again(requester: Requester, id: string): Promise<void>;
  /** The file, for the one who asked for it and may still have it. @throws DomainError `not-found` */
  fileOf(requester: Requester, id: string, reader: Reader): Promise<FileRecord>;
}

/** For this folder. */
export interface ExportBeginning {
  /**
   * As `ask`, for a requester for whom the kind was opened just now.
   * @param title of what was opened
   */
  begin(requester: Requester, wish: ExportWish, title: string, reader: Reader): Promise<string>;
}

/** A list as a file, on the routes of its feature. */
export interface TableExport {
  /**
   * Answers `?format=…&columns=…`: up to 200 rows and 1 MB at once; more by a job, to whose page the answer leads.
   * @param back address of the page with the list
   * @throws DomainError of the kind; `bad-input` naming `format` or `columns`
   */
  answer(req: Request, res: Response, parameters: ExportParameters, back: string): Promise<void>;
}

export interface Exports extends ExportService {
  /** Defines a kind of tables; at start, once each. */
  defineTable<Row>(kind: TableExportKind<Row>): TableExport;
  /** Defines a kind of other files; at start, once each. */
  define(kind: ExportKind): void;
  /** Tells how a person is found again when a job has no request; at start, once. */
  findActorsBy(find: FindActor): void;
  /** Below `/c/<course key>`, `/staff` and `/admin`, at `/exports`. */
  readonly router: Router;
  /** The page of one file. @throws DomainError `not-found` */
  pageOf(req: Request, id: string): Promise<Page>;
  readonly personalData: PersonalData;
}

export interface ExportsDeps {
  readonly connection: Connection;
  readonly jobs: Jobs;
  readonly files: Files;
  readonly clock: Clock;
}

/** So many files of one requester may wait at a time. */
const MOST_WAITING = 10;

export function createExports({ connection, jobs, files, clock }: ExportsDeps): Exports {
  const store = createExportsStore(connection);
  const kinds = new Map<string, ExportKind>();
  let findActor: FindActor = () => Promise.resolve(null);
  const background = addExportJobs({
    ...{ jobs, files, store },
    kindOf: (name) => kinds.get(name),
    findActor: (personId, courseId) => findActor(personId, courseId),
  });
  const service = createExportService({ store, kinds, background, files, clock });

  const define = (kind: ExportKind): void => {
    if (kinds.has(kind.name)) throw new Error(`the export ${kind.name} is defined twice`);
    kinds.set(kind.name, kind);
  };

  return {
    ...service,
    define,
    defineTable(kind) {
      define({
        name: kind.name,
        open: async (...given) => tableContent(await kind.open(...given)),
      });
      return {
        answer: (req, res, parameters, back) =>
          answerTable({ service, kind, clock }, req, res, parameters, back),
      };
    },
    findActorsBy(find) {
      findActor = find;
    },
    router: exportsRouter(service, files),
    pageOf: (req, id) => exportPage(service, req, id),
    personalData: exportsPersonalData(store),
  };
}

interface ServiceDeps {
  readonly store: ExportsStore;
  readonly kinds: ReadonlyMap<string, ExportKind>;
  readonly background: ExportJobs;
  readonly files: Pick<Files, 'findMany'>;
  readonly clock: Clock;
}

function createExportService(deps: ServiceDeps): ExportService & ExportBeginning {
  const { store, kinds, background, files, clock } = deps;
  function kindOf(name: string): ExportKind {
    const kind = kinds.get(name);
    if (kind === undefined) throw notFound();
    return kind;
  }

  async function find(requester: Requester, id: string): Promise<ExportRecord> {
    const found = await store.findOptionalOf(requester, id);
    if (found === null) throw notFound();
    return found;
  }

  const begin: ExportBeginning['begin'] = async (
    requester,
    { kind, parameters, format, columns = [], subject = '', back },
    title,
    reader,
  ) => {
    refuseViewers(requester);
    const { locale, zone } = reader;
    const { kind: requesterKind, id: requesterId, courseId } = requester;
    const wanted = { kind, subject, parameters, format, columns, locale, zone };
    const digest = createHash('sha256').update(JSON.stringify(wanted)).digest('base64url');
    const waiting = (await store.listOf(requester)).filter(({ state }) => state === 'waiting');
    const same = waiting.find((found) => found.digest === digest);
    if (same === undefined && waiting.length >= MOST_WAITING)
      throw conflict('exports-waiting', { count: waiting.length });
    const id =
      same?.id ??
      (await store.insert({
        ...{ ...wanted, title, back, digest, createdAt: clock.now() },
        requester: { kind: requesterKind, id: requesterId, courseId },
      }));
    // Also for one that waits: the process may have been killed before it put the job in.
    await background.enqueueOnce({ id, run: same?.run ?? 0 });
    return id;
  };

  return {
    begin,
    async ask(requester, wish, reader) {
      refuseViewers(requester);
      const { title } = await kindOf(wish.kind).open(requester, wish.parameters, reader);
      return begin(requester, wish, title, reader);
    },

    list: (requester, about) => store.listOf(requester, about),

    async find(requester, id) {
      const found = await find(requester, id);
      if (found.state === 'waiting') await background.enqueueOnce(found);
      return found;
    },

    async again(requester, id) {
      await find(requester, id);
      await store.restart(requester, id);
      // Puts the job in, as the page of the file does where the process is killed before.
      await this.find(requester, id);
    },

    async fileOf(requester, id, reader) {
      const { kind, parameters, fileId } = await find(requester, id);
      if (fileId === null) throw notFound();
      // Rights may have changed since it was written.
      await kindOf(kind).open(requester, parameters, reader);
      const [file] = await files.findMany(EXPORT_OWNER, [fileId]);
      if (file === undefined) throw notFound();
      return file;
    },
  };
}

/** Those who look as another person leave nothing in that person's name. */
function refuseViewers({ actor }: Requester): void {
  if (actor?.viewer !== undefined) throw forbidden('viewing-only');
}
