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
}: UndoingDeps): Pick<ImportService, 'undo' | 'takeBack'> {
  return {
    async undo(key) {
      const [last] = (await store.list(50)).filter(({ state }) => state !== 'draft' && state !== 'undone');
      if (last?.key !== key || !(await store.update(key, ['done'], { state: 'undoing' })))
        throw conflict('directory-stale');
      if (last.total > AT_ONCE) await jobs.undo(key);
      else await this.takeBack(key);
    },

    async takeBack(key) {
      const record = await find(key);
      if (record.state !== 'undoing') return;
      let { keptByUndo } = record;
      for (const change of await store.changesOf(key)) {
        if (!(await writer.undo(change, record))) {
          keptByUndo += 1;
          await store.update(key, ['undoing'], { keptByUndo });
        }
        await store.removeChange(key, change.line);
      }
      const keptTitles = await structure.undo(await store.structureOf(key));
      await store.update(key, ['undoing'], { state: 'undone', keptTitles });
    },
  };
}
