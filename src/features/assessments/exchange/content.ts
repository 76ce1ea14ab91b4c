import { questionFrom } from '../bank/question.schema.js';
import { LONGEST_NAME } from '../bank/question-name.js';
import type { QuestionContent } from '../bank/questions.store.js';
import { isOnPicture } from '../types/index.js';
import { DomainError } from '../../../shared/errors.js';
import { firstAnswer } from './by-type.js';
import type { ForeignQuestion, Note } from './foreign.js';

/** A question of a file as the bank can hold it, or why it cannot. */
export type Mapped =
  | { readonly content: QuestionContent; readonly notes: readonly Note[] }
  | { readonly problem: string; readonly what: string };

const LONGEST_FEEDBACK = 5_000;

/** Maps a question of a file to a type of the bank, by the same schema as the form's. */
export function contentOf(question: ForeignQuestion): Mapped {
  const taken = firstAnswer((exchange, type) => {
    const made = exchange.take(question);
    return made && { type, ...made };
  });
  if (taken === null) return { problem: 'type', what: nameOf(question) };
  const body = {
    name: question.name.slice(0, LONGEST_NAME),
    text: question.text,
    mark: question.mark,
    feedback: question.feedback.slice(0, LONGEST_FEEDBACK),
    category: categoryOf(question.category),
    tags: question.tags.join(', '),
    format: question.format ?? 'plain',
    hints: question.hints ?? [],
    ...(question.tryPenalty !== undefined && { tryPenalty: Math.round(question.tryPenalty * 1e7) / 1e5 }),
    ...taken.fields,
  };
  try {
    const content = withPicture(questionFrom(body, taken.type), taken.image);
    return { content, notes: [...question.notes, ...(taken.notes ?? []), ...cutIn(question)] };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const [field = '', fault = ''] = Object.entries(error.details.fields ?? {})[0] ?? [];
    return { problem: fault || 'unfit', what: field };
  }
}

/** What is longer than the bank's fields. */
const cutIn = ({ name, feedback }: ForeignQuestion): readonly Note[] => [
  ...(name.length > LONGEST_NAME ? [{ key: 'cutName' }] : []),
  ...(feedback.length > LONGEST_FEEDBACK ? [{ key: 'cutFeedback' }] : []),
];

/** How its file calls a type that the bank has not. */
const nameOf = ({ body }: ForeignQuestion): string =>
  'name' in body && typeof body.name === 'string' ? body.name : body.kind;

function withPicture(content: QuestionContent, image: string | undefined): QuestionContent {
  const { definition } = content;
  if (image === undefined || !isOnPicture(definition)) return content;
  return { ...content, definition: { ...definition, image } };
}

/** Moodle writes the path from the top of a course: `$course$/top/Algebra`. */
const categoryOf = (path: string): string =>
  path
    .replace(/^\$(?:course|system|category|module)\$\//u, '')
    .replace(/^top(?:\/|$)/u, '')
    .slice(0, 300);
