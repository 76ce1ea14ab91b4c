import type { PageContext } from '../../../web/context.js';
import { numberText, type Definition } from '../types/index.js';
import type { Note } from './foreign.js';
import type { QuestionImport } from './imports.store.js';

type Translate = PageContext['t'];

/** An answer as the preview shows it. */
interface ShownAnswer {
  readonly text: string;
  readonly right: boolean;
}

/** What an import holds, for its page. Keys of the bank stay out of it. */
export function importView(found: QuestionImport, t: Translate) {
  return {
    kept: { id: found.id, name: found.name, format: found.format, state: found.state, test: found.testId },
    counts: {
      questions: found.questions.length,
      duplicates: found.questions.filter(({ duplicateOf }) => duplicateOf !== null).length,
      leftOut: found.leftOut.length + found.unreadable.length,
      added: found.added.length,
    },
    questions: found.questions.map(({ content, place, notes, duplicateOf }) => ({
      text: content.text,
      type: content.definition.type,
      mark: content.mark,
      feedback: content.feedback,
      place,
      duplicate: duplicateOf !== null,
      answers: answersOf(content.definition),
      notes: notes.map((note) => noteText(note, t)),
    })),
    leftOut: [
      ...found.leftOut.map(({ place, text, problem, what }) => ({
        place,
        text,
        why:
          problem === 'type'
            ? t('exchange.left.type', { type: what })
            : t('exchange.left.field', { problem: t(problem as never) }),
      })),
      ...found.unreadable.map(({ place, key, what = '' }) => ({
        place,
        text: what,
        why: t(`exchange.problem.${key}` as never),
      })),
    ],
  };
}

const noteText = ({ key, what = '' }: Note, t: Translate): string =>
  t(`exchange.note.${key}` as never, { what } as never);

function answersOf(definition: Definition): ShownAnswer[] {
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
  }
}
