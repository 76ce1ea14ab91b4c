import type { QuestionContent, TextFormat } from '../bank/questions.store.js';
import { typeOf } from '../types/index.js';
import { plainFromHtml } from './html.js';
import type { ForeignQuestion } from './foreign.js';

/** A question of the bank as a file holds it: the way back from `contentOf`. */
export function foreignOf(content: QuestionContent): ForeignQuestion {
  const { definition, format = 'plain' } = content;
  const { exchange } = typeOf(definition.type);
  const stem = exchange.stem?.(definition);
  return {
    name: content.name ?? '',
    text: stem ?? content.text,
    ...(stem !== undefined && { instruction: plainOf(content.text, format) }),
    ...(format !== 'plain' && { format }),
    mark: content.mark,
    feedback: content.feedback,
    ...(content.hints && { hints: content.hints }),
    ...(content.tryPenalty !== undefined && { tryPenalty: content.tryPenalty }),
    category: content.category ?? '',
    tags: content.tags ?? [],
    place: '',
    body: exchange.body(definition),
    notes: [],
  };
}

const plainOf = (text: string, format: TextFormat): string =>
  format === 'html' ? plainFromHtml(text).text : text;
