import { conflict } from '../../../shared/errors.js';
import type { ImportService, ImportServiceDeps } from './import.service.js';
import { AT_ONCE } from './fields.js';
import type { ImportRecord } from './imports.store.js';

export interface UndoingDeps extends Pick<ImportServiceDeps, 'store' | 'writer' | 'structure' | 'jobs'> {
  /** @throws DomainError `not-found` */
  readonly find: (key: string) => Promise<ImportRecord>;
}

/** Takes the last import back: first the cards, then what was made beside them. */
export function createUndoing({
  store,
  writer,
  structure,
  jobs,
  find,
}: UndoingDeps): Pick<ImportService, 'undo' | 'takeBack' | 'mayUndo'> {
  return {
    async mayUndo({ key, state }) {
      if (state !== 'done') return false;
      const [last] = (await store.list(50)).filter((other) => !['draft', 'undone'].includes(other.state));
      return last?.key === key;
    },

    async undo(key) {
      const record = await find(key);
      if (!(await this.mayUndo(record)) || !(await store.update(key, ['done'], { state: 'undoing' })))
        throw conflict('directory-stale');
      const isLong = record.total > AT_ONCE;
      if (isLong) await jobs.undo(key);
      else await this.takeBack(key);
      return !isLong;
    },

    async takeBack(key) {
      const record = await find(key);
      if (record.state !== 'undoing') return;
      let { keptByUndo } = record;
      const done = await store.structureOf(key);
      const staying = await structure.staying(done);
      for (const change of await store.changesOf(key)) {
        if (!(await writer.undo(change, record, staying))) {
          keptByUndo += 1;
          await store.update(key, ['undoing'], { keptByUndo });
        }
        await store.removeChange(key, change.line);
      }
      const keptTitles = await structure.undo(done, staying);
      await store.update(key, ['undoing'], { state: 'undone', keptTitles });
    },
  };
}
