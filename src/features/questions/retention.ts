import { NOTHING_WAITS } from '../../infra/events/index.js';
import type { RetentionRule } from '../../shared/retention.js';
import type { faqModel } from './faq/faq.store.js';
import type { QuestionRow, questionsModel } from './questions.store.js';

export interface QuestionsRetentionDeps {
  readonly questions: ReturnType<typeof questionsModel>;
  readonly faq: ReturnType<typeof faqModel>;
  readonly removeFiles: (questionId: string) => Promise<void>;
}

/** Questions that wait for no answer are removed by the age of their last message. Published ones stay. */
export function questionsRetention({ questions, faq, removeFiles }: QuestionsRetentionDeps): RetentionRule {
  async function old(before: Date) {
    const published = (await faq.find().select({ questionId: 1 }).lean<{ questionId: string }[]>()).map(
      ({ questionId }) => questionId,
    );
    return {
      state: { $in: ['answered', 'closed'] },
      lastAt: { $lt: before },
      _id: { $nin: published },
      ...NOTHING_WAITS,
    } as const;
  }
  return {
    name: 'questions',
    months: [12, 24, 36, 60],
    usual: null,
    count: async (before) => questions.countDocuments(await old(before)),
    async remove(before, limit) {
      const rows = await questions
        .find(await old(before))
        .sort({ lastAt: 1 })
        .limit(limit)
        .select({ version: 1 })
        .lean<QuestionRow[]>();
      let removed = 0;
      for (const { _id, version } of rows) {
        // What the student has asked on meanwhile stays. Files that a kill leaves behind are swept.
        const { deletedCount } = await questions.deleteOne({ _id, version, ...NOTHING_WAITS });
        if (deletedCount === 1) await removeFiles(_id.toString());
        removed += deletedCount;
      }
      return removed;
    },
  };
}
