import { z } from 'zod';
import type { Files } from '../../../infra/files/index.js';
import { defineJob, type Jobs } from '../../../infra/jobs/index.js';
import { ThreadError } from '../../../shared/threads.js';
import { mayEdit } from '../assessments.policy.js';
import type { QuestionFiles } from '../bank/question-files.service.js';
import type { QuestionContent } from '../bank/questions.store.js';
import type { ExportsStore, QuestionExport } from './exports.store.js';
import { writeInThread } from './write-in-thread.js';
import { KINDS } from './writers/file-of.js';
import { mediaOf } from './writers/media-out.js';

export interface ExportJobsDeps {
  readonly jobs: Jobs;
  readonly files: Files;
  readonly exports: ExportsStore;
  readonly media: Pick<QuestionFiles, 'read'>;
  readonly contentsOf: (found: QuestionExport) => Promise<readonly QuestionContent[]>;
}

const KIND = 'question-export';
const MEGABYTE = 1024 * 1024;

/**
 * Large files of questions are written by a job in a thread. A run after a crash writes the file again: until it is
 * done, nothing refers to what was written before.
 */
export function addExportJobs({ jobs, files, exports, media, contentsOf }: ExportJobsDeps): {
  write(exportId: string): Promise<void>;
} {
  files.defineOwner({
    kind: KIND,
    maxFiles: 1,
    maxBytes: 500 * MEGABYTE,
    async mayRead(actor, { owner }) {
      if (actor === null || !mayEdit(actor)) return false;
      return (await exports.unsafe_findOptional(owner.id))?.courseId === actor.courseId;
    },
    inUse: (found) => exports.filesInUse(found.map(({ id }) => id)),
  });

  async function bytesFor(found: QuestionExport): Promise<Buffer | null> {
    const contents = await contentsOf(found);
    const byId = await mediaOf(contents, media);
    try {
      return await writeInThread(
        { format: found.format, contents, media: [...byId.values()] },
        (ready) => void exports.setWritten(found.id, ready),
      );
    } catch (error) {
      if (error instanceof ThreadError) return null;
      throw error;
    }
  }

  const writeFile = jobs.register(
    defineJob({
      name: 'write-question-file',
      payload: z.object({ exportId: z.string() }),
      key: ({ exportId }) => exportId,
      async run({ payload: { exportId } }) {
        const found = await exports.unsafe_findOptional(exportId);
        if (found?.state !== 'writing') return;
        const bytes = await bytesFor(found);
        if (bytes === null) {
          await exports.end(exportId, { state: 'failed', fileId: null });
          return;
        }
        const { ending, type } = KINDS[found.format];
        // What a killed run has stored goes first: an export has one file.
        await files.removeOf({ kind: KIND, id: exportId });
        const { id } = await files.store({
          owner: { kind: KIND, id: exportId },
          uploadedBy: found.createdBy,
          name: `${found.name}.${ending}`,
          type: type.split(';')[0] ?? type,
          source: { buffer: bytes },
        });
        await exports.end(exportId, { state: 'done', fileId: id });
      },
    }),
  );

  return { write: (exportId) => jobs.enqueue(writeFile, { exportId }).then(() => undefined) };
}
