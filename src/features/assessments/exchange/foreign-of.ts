import type { QuestionContent } from '../bank/questions.store.js';
import type { Definition } from '../types/index.js';
import type { ForeignBody, ForeignQuestion } from './foreign.js';

/** A question of the bank as a file holds it: the way back from `contentOf`. */
export const foreignOf = ({ text, mark, feedback, definition }: QuestionContent): ForeignQuestion => ({
  title: '',
  text,
  mark,
  feedback,
  category: '',
  tags: [],
  place: '',
  body: bodyOf(definition),
  notes: [],
});

function bodyOf(definition: Definition): ForeignBody {
  switch (definition.type) {
    case 'single':
    case 'multiple': {
      const rights = definition.options.filter(({ right }) => right).length;
      const several = definition.type === 'multiple';
      return {
        kind: 'choice',
        several,
        answers: definition.options.map(({ text, right }) => ({
          text,
          fraction: right ? 1 / (several ? rights : 1) : 0,
        })),
      };
    }
    case 'short':
      return {
        kind: 'short',
        caseMatters: definition.caseMatters,
        answers: definition.accepted.map((text) => ({ text, fraction: 1 })),
      };
    case 'numerical': {
      const { value, tolerance, toleranceKind } = definition;
      return {
        kind: 'number',
        units: [],
        answers: [
          {
            value,
            tolerance: toleranceKind === 'relative' ? (Math.abs(value) * tolerance) / 100 : tolerance,
            fraction: 1,
          },
        ],
      };
    }
    case 'truefalse':
      return { kind: 'trueFalse', right: definition.right };
    case 'matching':
      return {
        kind: 'matching',
        pairs: definition.pairs.map(({ prompt, answer }) => ({ left: prompt, right: answer })),
        extra: definition.distractors,
      };
    case 'ordering':
      return { kind: 'ordering', items: definition.items };
    case 'essay':
    case 'file':
      return { kind: definition.type };
    default:
      return { kind: 'unknown', name: definition.type };
  }
}
