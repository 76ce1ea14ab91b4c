import type { Translate } from '../../../i18n/index.js';
import { viewModel } from '../../../web/views.js';
import { previewOf } from '../bank/question-form.js';
import { richFor } from '../bank/rich-text.js';
import { typeOf } from '../types/index.js';
import type { ImportedQuestion, QuestionImport } from './imports.store.js';
import { noteText, problemText, unreadableText } from './summary.js';

/** What of an import a page lists. */
export const SHOWN = ['all', 'notes', 'duplicates', 'left'] as const;
export type Shown = (typeof SHOWN)[number];

/** Where the reader is in it, and what is chosen for the confirmation so far. */
export interface ImportLook {
  readonly show: Shown;
  readonly page: number;
  readonly duplicates: string;
}

export const IMPORT_PAGE = 50;

/** What an import holds, for its page. Keys of the bank stay out of it. */
export function importView(found: QuestionImport, look: ImportLook, t: Translate) {
  const lists = listsOf(found);
  const leftOut = found.leftOut.length + found.unreadable.length;
  const listed = look.show === 'left' ? leftOut : lists[look.show].length;
  const pages = Math.max(1, Math.ceil(listed / IMPORT_PAGE));
  const page = Math.min(look.page, pages);
  const first = (page - 1) * IMPORT_PAGE;
  return {
    kept: keptView(found, t),
    counts: countsOf(found),
    look: { ...look, page },
    /** The lists that are worth a way to them. */
    shown: SHOWN.map((show) => ({ show, count: show === 'left' ? leftOut : lists[show].length })).filter(
      ({ show, count }) => count > 0 && (show !== 'left' || count > IMPORT_PAGE),
    ),
    pager: { page, pages },
    range: { from: Math.min(first + 1, listed), to: Math.min(first + IMPORT_PAGE, listed), count: listed },
    questions:
      look.show === 'left'
        ? []
        : lists[look.show].slice(first, first + IMPORT_PAGE).map((each) => questionView(each, t)),
    // Beside the questions only its beginning stands, and once.
    leftOut:
      look.show === 'left'
        ? leftOutView(found, t).slice(first, first + IMPORT_PAGE)
        : page === 1 && look.show === 'all'
          ? leftOutView(found, t).slice(0, IMPORT_PAGE)
          : [],
  };
}

interface Numbered {
  /** In the file, from 1. */
  readonly number: number;
  readonly question: ImportedQuestion;
}

function listsOf({ questions }: QuestionImport): Record<Exclude<Shown, 'left'>, readonly Numbered[]> {
  const all = questions.map((question, index) => ({ number: index + 1, question }));
  return {
    all,
    notes: all.filter(({ question }) => question.notes.length > 0),
    duplicates: all.filter(({ question }) => question.duplicateOf !== null),
  };
}

const keptView = (found: QuestionImport, t: Translate) => ({
  id: found.id,
  name: found.name,
  format: found.format,
  state: found.state,
  test: found.testId,
  problem: found.problem && unreadableText(found.problem, t),
  /** What becomes of duplicates was chosen when the writing began. */
  isRuleChosen: found.rule !== '',
});

function countsOf(found: QuestionImport) {
  const duplicates = found.questions.filter(({ duplicateOf }) => duplicateOf !== null).length;
  return {
    questions: found.questions.length,
    duplicates,
    leftOut: found.leftOut.length + found.unreadable.length,
    added: found.added.length,
    replaced: found.plan?.replaced.length ?? 0,
    skipped: found.rule === 'skip' ? duplicates : 0,
    written: found.written,
  };
}

const questionView = (
  { number, question: { content, place, notes, duplicateOf } }: Numbered,
  t: Translate,
) => ({
  number,
  name: content.name ?? '',
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
  answers: typeOf(content.definition.type)
    .exchange.key(content.definition, t)
    .map((text) => ({ text, right: true })),
  notes: notes.map((note) => noteText(note, t)),
});

const leftOutView = (found: QuestionImport, t: Translate) => [
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
];

interface ImportGiven {
  readonly c: (path?: string) => string;
  readonly t: (key: string, values?: Record<string, unknown>) => string;
  readonly kept: { readonly id: string; readonly state: string };
  readonly look: { readonly show: string; readonly page: number };
  readonly shown: readonly { readonly show: string; readonly count: number }[];
}

viewModel<ImportGiven>('assessments/import-preview', ({ c, t, kept, look, shown }) => ({
  ...richFor(c),
  shownLists: shown.map(({ show, count }) => ({
    show,
    text: t(`exchange.shown.${show}`, { count }),
    current: show === look.show,
    /** Before the confirmation a button takes the choice along. */
    link: kept.state === 'done' ? c(`tests/import/${kept.id}?show=${show}#questions`) : null,
  })),
  previousLook: `${look.show}:${look.page - 1}`,
  nextLook: `${look.show}:${look.page + 1}`,
}));
