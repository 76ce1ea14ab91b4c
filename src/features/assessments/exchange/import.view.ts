import type { Translate } from '../../../i18n/index.js';
import { previewOf } from '../bank/question-form.js';
import { typeOf } from '../types/index.js';
import type { QuestionImport } from './imports.store.js';
import { noteText, problemText, unreadableText } from './summary.js';

/** What an import holds, for its page. Keys of the bank stay out of it. */
export function importView(found: QuestionImport, t: Translate) {
  const [added, replaced] = [found.added.length, found.plan?.replaced.length ?? 0];
  const duplicates = found.questions.filter(({ duplicateOf }) => duplicateOf !== null).length;
  return {
    kept: {
      id: found.id,
      name: found.name,
      format: found.format,
      state: found.state,
      test: found.testId,
      problem: found.problem && unreadableText(found.problem, t),
      /** What becomes of duplicates was chosen when the writing began. */
      isRuleChosen: found.rule !== '',
    },
    counts: {
      questions: found.questions.length,
      duplicates,
      leftOut: found.leftOut.length + found.unreadable.length,
      added,
      replaced,
      skipped: found.rule === 'skip' ? duplicates : 0,
      written: found.written,
    },
    questions: found.questions.map(({ content, place, notes, duplicateOf }) => ({
      text: content.text,
      format: content.format ?? 'plain',
      type: content.definition.type,
      mark: content.mark,
      /** As a student sees it. */
      shown: previewOf(content),
      feedback: content.feedback,
      place,
      duplicate: duplicateOf !== null,
      /** What is right, in words. */
      answers: typeOf(content.definition.type)
        .exchange.key(content.definition, t)
        .map((text) => ({ text, right: true })),
      notes: notes.map((note) => noteText(note, t)),
    })),
    leftOut: [
      ...found.leftOut.map(({ place, text, problem, what }) => ({
        place,
        text,
        why: problemText(problem, what, t),
      })),
      ...found.unreadable.map(({ place, key, what = '' }) => ({
        place,
        text: what,
        why: unreadableText(key, t),
      })),
    ],
  };
}
