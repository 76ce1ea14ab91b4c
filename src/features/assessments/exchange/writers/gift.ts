import { MEDIA } from '../../bank/rich-text.js';
import { writerOf } from '../by-type.js';
import type { ForeignQuestion } from '../foreign.js';
import { withCategories } from './categories.js';
import { escaped } from './gift-parts.js';

/** Writes questions as GIFT; what it cannot hold is left out and named in a comment. https://docs.moodle.org/en/GIFT_format */
export const writeGift = (questions: readonly ForeignQuestion[]): string =>
  `${withCategories(questions, withoutFiles, (path) => `$CATEGORY: ${path}`).join('\n\n')}\n`;

/** Pictures and recordings are named in a comment. */
function withoutFiles(question: ForeignQuestion): string {
  const text = JSON.stringify(question);
  const names = [...text.matchAll(MEDIA)].map(([, alt = '']) => alt || '?');
  if (names.length === 0) return entry(question);
  const bare = JSON.parse(text.replace(MEDIA, '$1')) as ForeignQuestion;
  return `// ${bare.text.replace(/\s+/gu, ' ').slice(0, 100)}: ${names.join(', ')} (not in GIFT)\n${entry(bare)}`;
}

function entry(question: ForeignQuestion): string {
  const body = writerOf(question.body)?.gift?.write(question.body);
  if (body === undefined)
    return `// ${question.body.kind}: ${question.text.replace(/\s+/gu, ' ').slice(0, 200)}`;
  const name = question.name === '' ? '' : `::${escaped(question.name)}::`;
  const feedback = question.feedback === '' ? '' : `####${escaped(question.feedback)}\n`;
  const format = question.format ?? 'plain';
  return `${tagged(question.tags)}${name}[${format}]${escaped(question.text)} {${body}${feedback}}`;
}

/** As Moodle writes them: in a comment before the question. */
const tagged = (tags: readonly string[]): string =>
  tags.length === 0 ? '' : `// ${tags.map((tag) => `[tag:${tag.replaceAll(']', ')')}]`).join(' ')}\n`;
