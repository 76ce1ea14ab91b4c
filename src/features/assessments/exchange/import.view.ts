import type { Translate } from '../../../i18n/index.js';
import { previewOf } from '../bank/question-form.js';
import { writeGap } from '../types/cloze/gap.js';
import { numberText, type Definition } from '../types/index.js';
import type { QuestionImport } from './imports.store.js';
import { noteText, problemText, unreadableText } from './summary.js';

/** An answer as the preview shows it. */
interface ShownAnswer {
  readonly text: string;
  readonly right: boolean;
}

/** What an import holds, for its page. Keys of the bank stay out of it. */
export function importView(found: QuestionImport, t: Translate) {
  return {
    kept: {
      id: found.id,
      name: found.name,
      format: found.format,
      state: found.state,
      test: found.testId,
      problem: found.problem && unreadableText(found.problem, t),
    },
    counts: {
      questions: found.questions.length,
      duplicates: found.questions.filter(({ duplicateOf }) => duplicateOf !== null).length,
      leftOut: found.leftOut.length + found.unreadable.length,
      added: found.added.length,
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
      answers: answersOf(content.definition, t).filter(({ right }) => right),
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

function answersOf(definition: Definition, t: Translate): ShownAnswer[] {
  switch (definition.type) {
    case 'single':
    case 'multiple':
      return definition.options.map(({ text, right }) => ({ text, right }));
    case 'short':
      return definition.accepted.map((text) => ({ text, right: true }));
    case 'numerical': {
      const within = definition.tolerance === 0 ? '' : ` ± ${numberText(definition.tolerance)}`;
      return [{ text: `${numberText(definition.value)}${within}`, right: true }];
    }
    case 'truefalse':
      return [{ text: t(`exchange.${definition.right ? 'isTrue' : 'isFalse'}`), right: true }];
    case 'matching':
      return [
        ...definition.pairs.map(({ prompt, answer }) => ({ text: `${prompt} → ${answer}`, right: true })),
        ...definition.distractors.map((text) => ({ text, right: false })),
      ];
    case 'ordering':
      return definition.items.map((text, index) => ({ text: `${index + 1}. ${text}`, right: true }));
    case 'dragwords':
      return definition.answers.map((text, index) => ({ text: `[[${index + 1}]] ${text}`, right: true }));
    case 'hotspot':
      return definition.areas.map(({ right }, index) => ({ text: `№ ${index + 1}`, right }));
    case 'dragimage':
      return definition.zones.map(({ answer }, index) => ({ text: `${index + 1}. ${answer}`, right: true }));
    case 'calculated':
      return [{ text: definition.formula, right: true }];
    case 'cloze':
      return definition.gaps.map((gap, index) => ({
        text: `[[${index + 1}]] ${writeGap(gap)}`,
        right: true,
      }));
    default:
      return [];
  }
}
