import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { notFound } from '../../../shared/errors.js';
import { NAMELESS } from '../../../shared/names.js';
import type { Files } from '../../../infra/files/index.js';
import type { Storage } from '../../../storage/index.js';
import { createCoursesStore, type Course } from '../../membership/index.js';
import { createAttemptsStore } from '../attempts/attempts.store.js';
import { createGivenVersions } from '../bank/given-versions.store.js';
import { createQuestionFiles } from '../bank/question-files.service.js';
import { createQuestionsStore } from '../bank/questions.store.js';
import { createTestsService } from '../tests/tests.service.js';
import { createTestsStore } from '../tests/tests.store.js';
import { createImportService, type SentFile } from './import.service.js';
import { createImportWriter, type DuplicateRule } from './import-writer.js';
import { createImportsStore } from './imports.store.js';

/** @returns how many questions were written. @throws DomainError `not-found`, `bad-input` */
export type TerminalImport = (
  courseKey: string,
  file: SentFile & { readonly duplicates: DuplicateRule },
) => Promise<number>;

/**
 * Writes questions into a course's bank without a person: for the terminal, beside a running server.
 * @param files where pictures and recordings go
 */
export function createTerminalImport(storage: Storage, clock: Clock, files: Files): TerminalImport {
  const { connection } = storage;
  const questions = createQuestionsStore(connection);
  const tests = createTestsService({
    forPerson: (_course, _person, all) => Promise.resolve([...all]),
    tests: createTestsStore(connection),
    questions,
    attempts: createAttemptsStore(connection),
    clock,
    linksOf: () => Promise.resolve([]),
  });
  const store = createImportsStore(connection);
  const media = createQuestionFiles({
    files,
    questions,
    clock,
    wasGiven: createGivenVersions(connection),
    importsUse: (ids) => store.mediaInUse(ids),
    isShared: () => Promise.resolve(false),
  });
  const writer = createImportWriter({ imports: store, questions, tests, clock });
  const imports = createImportService({
    imports: store,
    questions,
    tests,
    writer,
    background: null,
    media,
    clock,
  });
  return async (courseKey, { duplicates, ...file }) => {
    const course = await createCoursesStore(connection).findOptionalByKey(courseKey);
    if (course === null) throw notFound();
    const actor = terminalActor(course);
    const id = await imports.read(actor, file, null);
    const { added } = await imports.confirm(actor, id, duplicates);
    return added.length;
  };
}

/** Acts as a teacher of the course without a name: questions have no author then. */
const terminalActor = ({ id, key, title, registrationId }: Course): Actor => ({
  personId: 'terminal',
  registrationId,
  courseId: id,
  courseKey: key,
  courseTitle: title,
  role: 'teacher',
  name: NAMELESS,
});
