import type { QuestionContent, TextFormat } from '../bank/questions.store.js';
import type { Option } from '../types/choices.js';
import type { Gap } from '../types/cloze/gap.js';
import type { Definition } from '../types/index.js';
import { plainFromHtml } from './html.js';
import type { ForeignBody, ForeignGap, ForeignQuestion } from './foreign.js';

/** A question of the bank as a file holds it: the way back from `contentOf`. */
export function foreignOf(content: QuestionContent): ForeignQuestion {
  const { definition } = content;
  const hasGaps = definition.type === 'cloze' || definition.type === 'dragwords';
  const { format = 'plain' } = content;
  return {
    title: hasGaps ? plainOf(content.text, format) : '',
    text: hasGaps ? definition.body.replace(/\[\[(\d{1,3})\]\]/gu, '{{$1}}') : content.text,
    ...(format !== 'plain' && { format }),
    mark: content.mark,
    feedback: content.feedback,
    ...(content.hints && { hints: content.hints }),
    category: content.category ?? '',
    tags: content.tags ?? [],
    place: '',
    body: bodyOf(definition),
    notes: [],
  };
}

const plainOf = (text: string, format: TextFormat): string =>
  format === 'html' ? plainFromHtml(text).text : text;

function bodyOf(definition: Definition): ForeignBody {
  switch (definition.type) {
    case 'single':
    case 'multiple':
      return choice(definition.options, definition.type === 'multiple');
    case 'truefalse':
      return {
        kind: 'trueFalse',
        right: definition.right,
        ...(definition.ifTrue !== '' && { ifTrue: definition.ifTrue }),
        ...(definition.ifFalse !== '' && { ifFalse: definition.ifFalse }),
      };
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
    case 'dragwords':
      return { kind: 'dragWords', answers: definition.answers, extra: definition.distractors };
    case 'hotspot': {
      const { image, width, height, areas } = definition;
      return { kind: 'hotspot', image, width, height, areas };
    }
    case 'dragimage': {
      const { image, width, height, zones, distractors } = definition;
      return { kind: 'dragImage', image, width, height, zones, extra: distractors };
    }
    case 'calculated': {
      const { formula, variables, tolerance, toleranceKind } = definition;
      return { kind: 'calculated', formula, variables, tolerance, toleranceKind };
    }
    case 'essay':
    case 'file':
      return { kind: definition.type };
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
