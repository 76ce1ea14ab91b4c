import { z } from 'zod';
import { createWorkFiles, type Files } from '../../../infra/files/index.js';
import { defineJob, exponential, type Jobs } from '../../../infra/jobs/index.js';
import type { QuestionFiles } from '../bank/question-files.service.js';
import type { QuestionsStore } from '../bank/questions.store.js';
import type { ImportBackground } from './import.service.js';
import type { ImportWriter } from './import-writer.js';
import type { ImportsStore } from './imports.store.js';
import { MOST_QUESTIONS, mappedFile } from './mapped-file.js';
import { FileProblem, FORMATS, MOST_FILE_BYTES } from './read-file.js';
import { readInThread } from './read-in-thread.js';

export interface ImportJobsDeps {
  readonly jobs: Jobs;
  readonly files: Files;
  readonly imports: ImportsStore;
  readonly questions: QuestionsStore;
  readonly writer: ImportWriter;
  readonly media: Pick<QuestionFiles, 'keep'>;
}

const KIND = 'question-import';
/** A teacher waits at the page: it names the error after some seconds. */
const FEW_TRIES = exponential({ attempts: 3 });

/** Large files are read, and large imports written, by jobs: both go on after a restart. */
export function addImportJobs({
  jobs,
  files,
  imports,
  questions,
  writer,
  media,
}: ImportJobsDeps): ImportBackground {
  const kept = createWorkFiles({
    files,
    kind: KIND,
    maxBytes: MOST_FILE_BYTES,
    inUse: (ids) => imports.filesInUse(ids),
  });

  const readFile = jobs.register(
    defineJob({
      name: 'read-questions',
      payload: z.object({ importId: z.string(), name: z.string(), format: z.enum(FORMATS).nullable() }),
      key: ({ importId }) => importId,
      async run({ payload: { importId, name, format } }) {
        const found = await imports.unsafe_findOptional(importId);
        if (found?.state !== 'reading' || found.fileId === null) return;
        try {
          const read = await readInThread({ bytes: await kept.read(found.fileId), name, format });
          if (read.questions.length > MOST_QUESTIONS) throw new FileProblem('tooMany');
          const {
            kept: questionsKept,
            leftOut,
            media: stored,
          } = await mappedFile(read, await questions.recent(found.courseId), {
            media,
            courseId: found.courseId,
            personId: found.createdBy,
          });
          await imports.setState(importId, 'reading', 'preview', {
            format: read.format,
            questions: questionsKept,
            media: [...stored],
            leftOut,
            unreadable: read.unreadable.slice(0, MOST_QUESTIONS),
            fileId: null,
          });
        } catch (error) {
          if (!(error instanceof FileProblem)) throw error;
          await imports.setState(importId, 'reading', 'failed', { problem: error.key, fileId: null });
        }
        await kept.remove(found.fileId);
      },
      retry: FEW_TRIES,
      // An error of the tool, not of the file: the page says so instead of waiting.
      async onFailure({ payload: { importId } }, { nextAt }) {
        if (nextAt === null)
          await imports.setState(importId, 'reading', 'failed', { problem: 'unexpected', fileId: null });
      },
    }),
  );

  const writeQuestions = jobs.register(
    defineJob({
      name: 'write-questions',
      payload: z.object({ importId: z.string() }),
      key: ({ importId }) => importId,
      run: ({ payload }) => writer.write(payload.importId),
      retry: FEW_TRIES,
      // What was written is not written twice when the teacher confirms again.
      async onFailure({ payload: { importId } }, { nextAt }) {
        if (nextAt === null)
          await imports.setState(importId, 'writing', 'preview', { problem: 'notWritten' });
      },
    }),
  );

  return {
    keep: (actor, importId, { bytes, name }) =>
      kept.keep({ bytes, name: name || 'text' }, { id: importId, uploadedBy: actor.personId }),
    read: (importId, { name, format }) =>
      jobs.enqueue(readFile, { importId, name, format }).then(() => undefined),
    write: (importId, at) =>
      jobs.enqueue(writeQuestions, { importId }, at && { runAt: at }).then(() => undefined),
  };
}
