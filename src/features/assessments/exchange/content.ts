import { questionFrom } from '../bank/question.schema.js';
import type { QuestionContent } from '../bank/questions.store.js';
import { numberText, weighted } from '../types/numbers.js';
import type { TypeName } from '../types/index.js';
import { DomainError } from '../../../shared/errors.js';
import { UNMEASURED } from './media.js';
import type { ForeignAnswer, ForeignGap, ForeignNumber, ForeignQuestion, Note } from './foreign.js';

/** A question of a file as the bank can hold it, or why it cannot. */
export type Mapped =
  | { readonly content: QuestionContent; readonly notes: readonly Note[] }
  | { readonly problem: string; readonly what: string };

interface Sent {
  readonly type: TypeName;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly notes: readonly Note[];
}

const LONGEST_FEEDBACK = 5_000;

/** Maps a question of a file to a type of the bank, by the same schema as the form's. */
export function contentOf(question: ForeignQuestion): Mapped {
  const sent = sentOf(question);
  if (typeof sent === 'string') return { problem: 'type', what: sent };
  const body = {
    text: question.text,
    mark: question.mark,
    feedback: question.feedback.slice(0, LONGEST_FEEDBACK),
    category: categoryOf(question.category),
    tags: question.tags.join(', '),
    format: question.format ?? 'plain',
    hints: question.hints ?? [],
    ...sent.fields,
  };
  try {
    const content = withPicture(questionFrom(body, sent.type), question.body);
    return { content, notes: [...question.notes, ...sent.notes] };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const [field = '', fault = ''] = Object.entries(error.details.fields ?? {})[0] ?? [];
    return { problem: fault || 'unfit', what: field };
  }
}

/** While a file is read its picture has no id of the bank yet: another stands for it before the schema. */
const SOME_PICTURE = 'a'.repeat(20);

function withPicture(content: QuestionContent, body: ForeignQuestion['body']): QuestionContent {
  const { definition } = content;
  if (definition.type !== 'hotspot' && definition.type !== 'dragimage') return content;
  const image = body.kind === 'hotspot' || body.kind === 'dragImage' ? body.image : definition.image;
  return { ...content, definition: { ...definition, image } };
}

/** Moodle writes the path from the top of a course: `$course$/top/Algebra`. */
const categoryOf = (path: string): string =>
  path
    .replace(/^\$(?:course|system|category|module)\$\//u, '')
    .replace(/^top(?:\/|$)/u, '')
    .slice(0, 300);

/** The type and its form's fields; a text where no type holds this. */
function sentOf({ body, text, title }: ForeignQuestion): Sent | string {
  switch (body.kind) {
    case 'choice': {
      const right = body.several ? null : trueOrFalse(body.answers);
      return right === null
        ? choice(body.answers, body.several)
        : { type: 'truefalse', fields: { right }, notes: [] };
    }
    case 'trueFalse':
      return {
        type: 'truefalse',
        fields: { right: body.right, ifTrue: lineOf(body.ifTrue), ifFalse: lineOf(body.ifFalse) },
        notes: [],
      };
    case 'short':
      return short(body.answers, body.caseMatters);
    case 'number':
      return number(body.answers, body.units);
    case 'matching':
      return {
        type: 'matching',
        fields: {
          prompt: [...body.pairs.map(({ left }) => left), ...body.extra.map(() => '')],
          answer: [...body.pairs.map(({ right }) => right), ...body.extra],
        },
        notes: [],
      };
    case 'ordering':
      return { type: 'ordering', fields: { item: [...body.items] }, notes: [] };
    case 'cloze':
      return {
        type: 'cloze',
        fields: {
          text: title === '' ? FILL_IN : title,
          body: text.replace(/\{\{(\d{1,3})\}\}/gu, '[[$1]]'),
          gaps: body.gaps.map(gapOf),
        },
        notes: [],
      };
    case 'dragWords':
      return {
        type: 'dragwords',
        fields: {
          text: title === '' ? FILL_IN : title,
          body: text.replace(/\{\{(\d{1,3})\}\}/gu, '[[$1]]'),
          answers: [...body.answers],
          distractors: [...body.extra],
        },
        notes: [],
      };
    case 'hotspot':
    case 'dragImage':
      return onPicture(body);
    case 'calculated':
      return calculated(body);
    case 'essay':
    case 'file':
      return { type: body.kind, fields: {}, notes: [] };
    case 'unknown':
      return body.name;
  }
}

/** What a cloze question asks where its file says nothing but the text with the gaps. */
const FILL_IN = 'Заполните пропуски.';

/** Formats without a type for it offer the two words. Returns null for any other choice. */
function trueOrFalse(answers: readonly ForeignAnswer[]): boolean | null {
  const words = answers.map(({ text, feedback = '' }) => `${text.toLowerCase()}${feedback}`).sort();
  if (!['false true', 'верно неверно'].includes(words.join(' '))) return null;
  const right = answers.find(({ fraction }) => fraction === 1)?.text.toLowerCase();
  return right === undefined ? null : right === 'true' || right === 'верно';
}

const percentOf = (fraction: number): string => numberText(Math.round(fraction * 1e7) / 1e5);

function choice(answers: readonly ForeignAnswer[], several: boolean): Sent {
  const best = Math.max(...answers.map(({ fraction }) => fraction));
  // In a choice of one the best answer is the right one; in a choice of several each that earns points is.
  const isRight = ({ fraction }: ForeignAnswer): boolean => fraction > 0 && (several || fraction === best);
  const rights = answers.filter(isRight).length;
  const even = several
    ? answers.every(({ fraction }) => fraction <= 0 || Math.abs(fraction - 1 / rights) < 0.001) &&
      answers.every(({ fraction }) => fraction >= 0)
    : answers.every((answer) => answer.fraction <= 0 || isRight(answer));
  return {
    type: several ? 'multiple' : 'single',
    fields: {
      option: answers.map(({ text }) => text),
      right: answers.flatMap((answer, index) => (isRight(answer) ? [String(index)] : [])),
      ...(!even && { worth: answers.map(({ fraction }) => percentOf(fraction)) }),
      remark: answers.map(({ feedback = '' }) => feedback.replace(/\s+/gu, ' ')),
    },
    notes: [],
  };
}

/** A text that reads as a weight and a text, "5 % соли", gets its own weight. */
const wholeLine = (text: string): string => (weighted(text).text === text ? text : `100 % ${text}`);

function short(answers: readonly ForeignAnswer[], caseMatters: boolean): Sent {
  const [rights, parts] = [answers.filter(isWhole), answers.filter((answer) => !isWhole(answer))];
  return {
    type: 'short',
    fields: {
      accepted: rights.map(({ text }) => wholeLine(text)),
      partly: parts.filter(({ fraction }) => fraction > 0).map(({ text, fraction }) => ({ text, fraction })),
      ...(caseMatters && { caseMatters: 'on' }),
    },
    notes: answers.some(({ feedback = '' }) => feedback !== '') ? [{ key: 'answerFeedback' }] : [],
  };
}

const isWhole = ({ fraction }: { readonly fraction: number }): boolean => fraction > 0.999;

function number(answers: readonly ForeignNumber[], units: readonly string[]): Sent {
  const rights = answers.filter(({ fraction }) => fraction > 0);
  const [best] = [...rights].sort((a, b) => b.fraction - a.fraction);
  return {
    type: 'numerical',
    fields: {
      value: best ? numberText(best.value) : '',
      tolerance: best ? numberText(best.tolerance) : '',
      toleranceKind: 'absolute',
      units: [...units],
    },
    notes: rights.length > 1 ? [{ key: 'otherNumbers' }] : [],
  };
}

const lineOf = (text = ''): string => text.replace(/\s+/gu, ' ').trim();

function onPicture(body: Extract<ForeignQuestion['body'], { readonly kind: 'hotspot' | 'dragImage' }>): Sent {
  const areas = body.kind === 'hotspot' ? body.areas : body.zones;
  return {
    type: body.kind === 'hotspot' ? 'hotspot' : 'dragimage',
    fields: {
      image: body.image === '' ? '' : SOME_PICTURE,
      // Pictures are measured when they are stored; until then any size does.
      imageWidth: Math.round(body.width) || UNMEASURED,
      imageHeight: Math.round(body.height) || UNMEASURED,
      shape: areas.map(({ shape }) => shape),
      coords: areas.map(({ coords }) => coords.join(', ')),
      label: areas.map(() => ''),
      ...(body.kind === 'hotspot'
        ? { right: body.areas.flatMap(({ right }, index) => (right ? [String(index)] : [])) }
        : { answer: body.zones.map(({ answer }) => answer), distractors: [...body.extra] }),
    },
    notes: [],
  };
}

function calculated(body: Extract<ForeignQuestion['body'], { readonly kind: 'calculated' }>): Sent {
  return {
    type: 'calculated',
    fields: {
      formula: body.formula,
      variables: body.variables.map(
        ({ name, least, most, decimals }) =>
          `${name} = ${numberText(least)} … ${numberText(most)}${decimals === 0 ? '' : `; ${decimals}`}`,
      ),
      tolerance: numberText(body.tolerance),
      toleranceKind: body.toleranceKind,
    },
    notes: [],
  };
}

function gapOf(gap: ForeignGap): object {
  if (gap.kind === 'number') {
    const best = [...gap.answers].sort((a, b) => b.fraction - a.fraction)[0];
    return { kind: 'numerical', value: best?.value ?? NaN, tolerance: best?.tolerance ?? 0 };
  }
  const answers = gap.answers.map(({ text, fraction }) => ({
    text,
    fraction: Math.min(1, Math.max(0, fraction)),
  }));
  return gap.kind === 'choice'
    ? { kind: 'choice', options: answers }
    : { kind: 'short', accepted: answers.filter(({ fraction }) => fraction > 0) };
}
