import type { QuestionContent } from '../bank/questions.store.js';
import type { Option } from '../types/choices.js';
import type { Gap } from '../types/cloze/gap.js';
import type { Definition } from '../types/index.js';
import { plainFromHtml } from './html.js';
import type { ForeignBody, ForeignGap, ForeignQuestion } from './foreign.js';

/** A question of the bank as a file holds it: the way back from `contentOf`. */
export function foreignOf(content: QuestionContent): ForeignQuestion {
  const { definition } = content;
  const isCloze = definition.type === 'cloze';
  const text = content.format === 'html' ? plainFromHtml(content.text).text : content.text;
  return {
    title: isCloze ? text : '',
    text: isCloze ? definition.body.replace(/\[\[(\d{1,3})\]\]/gu, '{{$1}}') : text,
    mark: content.mark,
    feedback: content.format === 'html' ? plainFromHtml(content.feedback).text : content.feedback,
    category: content.category ?? '',
    tags: content.tags ?? [],
    place: '',
    body: bodyOf(definition),
    notes: [],
  };
}

function bodyOf(definition: Definition): ForeignBody {
  switch (definition.type) {
    case 'single':
    case 'multiple':
      return choice(definition.options, definition.type === 'multiple');
    case 'truefalse':
      return { kind: 'trueFalse', right: definition.right };
    case 'short':
      return {
        kind: 'short',
        caseMatters: definition.caseMatters,
        answers: [
          ...definition.accepted.map((text) => ({ text, fraction: 1 })),
          ...(definition.partly ?? []),
        ],
      };
    case 'numerical': {
      const { value, tolerance, toleranceKind, units = [] } = definition;
      const within = toleranceKind === 'relative' ? (Math.abs(value) * tolerance) / 100 : tolerance;
      return {
        kind: 'number',
        units: units.map(({ text }) => text),
        answers: [{ value, tolerance: toleranceKind === 'digits' ? 0 : within, fraction: 1 }],
      };
    }
    case 'matching':
      return {
        kind: 'matching',
        pairs: definition.pairs.map(({ prompt, answer }) => ({ left: prompt, right: answer })),
        extra: definition.distractors,
      };
    case 'ordering':
      return { kind: 'ordering', items: definition.items };
    case 'cloze':
      return { kind: 'cloze', gaps: definition.gaps.map(gapOf) };
    case 'essay':
    case 'file':
      return { kind: definition.type };
    default:
      return { kind: 'unknown', name: definition.type };
  }
}

function choice(options: readonly Option[], several: boolean): ForeignBody {
  const rights = options.filter(({ right }) => right).length;
  return {
    kind: 'choice',
    several,
    answers: options.map(({ text, right, fraction, feedback }) => ({
      text,
      fraction: fraction ?? (right ? 1 / (several ? rights : 1) : 0),
      ...(feedback !== undefined && { feedback }),
    })),
  };
}

function gapOf(gap: Gap): ForeignGap {
  switch (gap.kind) {
    case 'choice':
      return { kind: 'choice', caseMatters: false, answers: gap.options };
    case 'short':
      return { kind: 'short', caseMatters: false, answers: gap.accepted };
    case 'numerical':
      return { kind: 'number', answers: [{ value: gap.value, tolerance: gap.tolerance, fraction: 1 }] };
  }
}
