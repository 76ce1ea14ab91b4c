import { questionFrom } from '../assessments.schema.js';
import type { QuestionContent } from '../bank/questions.store.js';
import { numberText, type TypeName } from '../types/index.js';
import { DomainError } from '../../../shared/errors.js';
import type { ForeignAnswer, ForeignBody, ForeignNumber, ForeignQuestion, Note } from './foreign.js';

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
  const sent = sentOf(question.body, question.text);
  if (typeof sent === 'string') return { problem: 'type', what: sent };
  const body = {
    text: question.text,
    mark: question.mark,
    feedback: question.feedback.slice(0, LONGEST_FEEDBACK),
    ...sent.fields,
  };
  try {
    return { content: questionFrom(body, sent.type), notes: [...question.notes, ...sent.notes] };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const [field = '', fault = ''] = Object.entries(error.details.fields ?? {})[0] ?? [];
    return { problem: fault || 'unfit', what: field };
  }
}

/** The type and its form's fields; a text where no type holds this. */
function sentOf(body: ForeignBody, _text: string): Sent | string {
  switch (body.kind) {
    case 'choice':
      return choice(body.answers, body.several);
    case 'trueFalse':
      return {
        type: 'single',
        fields: { option: ['Верно', 'Неверно'], right: [body.right ? '0' : '1'] },
        notes: [],
      };
    case 'short':
      return {
        type: 'short',
        fields: {
          accepted: body.answers.filter(({ fraction }) => fraction > 0).map(({ text }) => text),
          ...(body.caseMatters && { caseMatters: 'on' }),
        },
        notes: partly(body.answers),
      };
    case 'number':
      return number(body.answers, body.units);
    case 'unknown':
      return body.name;
    default:
      return body.kind;
  }
}

/** Answers that earn a part of the points: the simpler types mark only right and wrong. */
const partly = (answers: readonly { readonly fraction: number }[]): Note[] =>
  answers.some(({ fraction }) => fraction > 0 && fraction < 0.999) ? [{ key: 'partial' }] : [];

function choice(answers: readonly ForeignAnswer[], several: boolean): Sent {
  const best = Math.max(...answers.map(({ fraction }) => fraction));
  // In a choice of one the best answer is the right one; in a choice of several each that earns points is.
  const isRight = ({ fraction }: ForeignAnswer): boolean => fraction > 0 && (several || fraction === best);
  const rights = answers.filter(isRight);
  const uneven = several
    ? new Set(rights.map(({ fraction }) => fraction.toFixed(2))).size > 1
    : answers.some((answer) => answer.fraction > 0 && !isRight(answer));
  return {
    type: several ? 'multiple' : 'single',
    fields: {
      option: answers.map(({ text }) => text),
      right: answers.flatMap((answer, index) => (isRight(answer) ? [String(index)] : [])),
    },
    notes: [
      ...(uneven ? [{ key: 'partial' }] : []),
      ...(answers.some(({ feedback }) => feedback !== undefined && feedback !== '')
        ? [{ key: 'answerFeedback' }]
        : []),
    ],
  };
}

function number(answers: readonly ForeignNumber[], units: readonly string[]): Sent {
  const rights = answers.filter(({ fraction }) => fraction > 0);
  const [best] = [...rights].sort((a, b) => b.fraction - a.fraction);
  return {
    type: 'numerical',
    fields: {
      value: best ? numberText(best.value) : '',
      tolerance: best ? numberText(best.tolerance) : '',
      toleranceKind: 'absolute',
    },
    notes: [
      ...(rights.length > 1 ? [{ key: 'otherNumbers' }] : []),
      ...(units.length > 0 ? [{ key: 'units', what: units.join(', ') }] : []),
    ],
  };
}
