import { z } from 'zod';
import { translator } from '../../../i18n/index.js';
import { MINUTE } from '../../../shared/clock.js';
import { DomainError } from '../../../shared/errors.js';
import { personAsking, type Requester } from '../../../shared/requester.js';
import { ThreadError } from '../../../shared/threads.js';
import type { Files } from '../../files/index.js';
import { defineJob, defineLane, exponential, type Jobs } from '../../jobs/index.js';
import { fileName } from '../file-name.js';
import type { ExportKind, ExportProblem, ExportRecord, FindActor } from './export.js';
import type { ExportsStore } from './exports.store.js';

/** Kind of the files' owner. */
export const EXPORT_OWNER = 'export';

const MOST_MEGABYTES = 500;
const MOST_TRIES = 3;

/** One at a time in a process: each holds the rows of a file in memory. */
const lane = defineLane({ name: 'exports', limit: 1 });

export interface ExportJobsDeps {
  readonly jobs: Pick<Jobs, 'register' | 'enqueueOnce'>;
  readonly files: Pick<Files, 'defineOwner' | 'store' | 'removeOf'>;
  readonly store: ExportsStore;
  readonly kindOf: (name: string) => ExportKind | undefined;
  readonly findActor: FindActor;
}

export interface ExportJobs {
  /** Has a file written; nothing is done where the job of this run exists. */
  enqueueOnce(found: Pick<ExportRecord, 'id' | 'run'>): Promise<void>;
}

/** Files are written by a job, which another process begins anew when its process is killed. */
export function addExportJobs({ jobs, files, store, kindOf, findActor }: ExportJobsDeps): ExportJobs {
  files.defineOwner({
    kind: EXPORT_OWNER,
    maxFiles: 1,
    maxBytes: MOST_MEGABYTES * 1024 * 1024,
    // The pages of exports hand them out.
    mayRead: () => Promise.resolve(false),
    inUse: (found) => store.filesInUse(found.map(({ id }) => id)),
  });

  async function requesterOf({ requester }: ExportRecord): Promise<Requester | null> {
    if (requester.kind !== 'person') return { ...requester, actor: null };
    const actor = await findActor(requester.id, requester.courseId);
    return actor && personAsking(actor);
  }

  async function write(found: ExportRecord, requester: Requester, kind: ExportKind): Promise<void> {
    const { id, format, columns, locale, zone } = found;
    const reader = { t: translator(locale), locale, zone };
    let rows = 0;
    const content = await kind.open(requester, found.parameters, reader);
    const { bytes, type, extension } = await content.write({
      ...{ format, columns, reader },
      async tell(done, total) {
        rows = done;
        await store.setProgress(id, done, total);
      },
    });
    const owner = { kind: EXPORT_OWNER, id };
    // Of a run that was killed before its last write.
    await files.removeOf(owner);
    const stored = await files.store({
      owner,
      uploadedBy: '',
      name: fileName(content.title, found.createdAt, zone, extension),
      type,
      source: { buffer: bytes },
    });
    // If an erasure has removed the export meanwhile, no document refers to the bytes, and the sweep deletes them.
    await store.finish(id, stored.id, rows);
  }

  const writeExport = jobs.register(
    defineJob({
      name: 'write-export',
      payload: z.object({ exportId: z.string(), run: z.number().default(0) }),
      key: ({ exportId, run }) => (run === 0 ? exportId : `${exportId}:${run}`),
      lane,
      retry: exponential({ attempts: MOST_TRIES }),
      timeoutMs: 30 * MINUTE,
      async run({ payload: { exportId } }) {
        const found = await store.unsafe_findOptional(exportId);
        if (found?.state !== 'waiting') return;
        const [requester, kind] = [await requesterOf(found), kindOf(found.kind)];
        if (requester === null || kind === undefined) {
          await store.fail(exportId, 'refused');
          return;
        }
        try {
          await write(found, requester, kind);
        } catch (error) {
          const problem = problemOf(error);
          if (problem === null) throw error;
          await store.fail(exportId, problem);
        }
      },
      async onFailure({ payload }, { nextAt }) {
        if (nextAt === null) await store.fail(payload.exportId, 'broken');
      },
    }),
  );

  return {
    async enqueueOnce({ id, run }) {
      await jobs.enqueueOnce(writeExport, { exportId: id, run });
    },
  };
}

/** Null for what may go well the next time. */
function problemOf(error: unknown): ExportProblem | null {
  if (error instanceof ThreadError) return error.reason === 'ended' ? null : 'tooLarge';
  if (!(error instanceof DomainError) || error.status >= 500) return null;
  return error.code === 'files-quota' ? 'tooLarge' : 'refused';
}
