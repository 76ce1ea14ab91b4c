import { NOTHING_WAITS } from '../../infra/events/index.js';
import type { RetentionRule } from '../../shared/retention.js';
import type { ClassRow, classesModel } from './classes.model.js';

export interface ClassesRetentionDeps {
  readonly classes: ReturnType<typeof classesModel>;
  readonly removeFiles: (classId: string) => Promise<void>;
}

/** Classes are removed with their attendance, homework and materials. */
export function classesRetention({ classes, removeFiles }: ClassesRetentionDeps): RetentionRule {
  const old = (before: Date) => ({ startsAt: { $lt: before }, ...NOTHING_WAITS }) as const;
  return {
    name: 'classes',
    months: [12, 24, 36, 60, 120],
    usual: null,
    count: (before) => classes.countDocuments(old(before)),
    async remove(before, limit) {
      const rows = await classes
        .find(old(before))
        .sort({ startsAt: 1 })
        .limit(limit)
        .select({ version: 1, files: 1 })
        .lean<ClassRow[]>();
      let removed = 0;
      for (const { _id, version, files } of rows) {
        // A class that is moved meanwhile stays. Files that a kill leaves behind are swept.
        const { deletedCount } = await classes.deleteOne({ _id, version, ...NOTHING_WAITS });
        if (deletedCount === 1 && files.length > 0) await removeFiles(_id.toString());
        removed += deletedCount;
      }
      return removed;
    },
  };
}
