import type { BankEntry, BankFilter, BankVersion } from './bank.service.js';
import type { Association, SharedQuestion } from './sharing.service.js';
import type { QuestionVersion } from './questions.store.js';
import type { SharedWith } from './shares.store.js';

export const BANK_PAGE = 50;

const shown = (question: QuestionVersion) => ({
  key: question.key,
  version: question.version,
  type: question.definition.type,
  name: question.name ?? '',
  text: question.text,
  format: question.format ?? 'plain',
  mark: question.mark,
  category: question.category ?? '',
  tags: question.tags ?? [],
});

const circleOf = (sharedWith: SharedWith | null, associations: readonly Association[]) =>
  sharedWith === null
    ? null
    : {
        kind: sharedWith === 'colleagues' ? 'colleagues' : 'association',
        name: associations.find(({ id }) => sharedWith === `association:${id}`)?.name ?? '',
      };

const entryView = ({ question, tests, sharedWith }: BankEntry, associations: readonly Association[]) => ({
  ...shown(question),
  tests: tests.map(({ id, title }) => ({ id, title })),
  shared: circleOf(sharedWith, associations),
});

const sorted = (texts: Iterable<string>): string[] =>
  [...new Set(texts)].sort((a, b) => a.localeCompare(b, 'ru'));

export interface BankPage {
  readonly entries: readonly BankEntry[];
  readonly all: readonly QuestionVersion[];
  readonly filter: BankFilter & { readonly page: number };
  readonly associations: readonly Association[];
  readonly tests: readonly { readonly id: string; readonly title: string }[];
}

export function bankPageView({ entries, all, filter, associations, tests }: BankPage) {
  const pages = Math.max(1, Math.ceil(entries.length / BANK_PAGE));
  const page = Math.min(filter.page, pages);
  const { page: _page, ...query } = filter;
  return {
    questions: entries
      .slice((page - 1) * BANK_PAGE, page * BANK_PAGE)
      .map((entry) => entryView(entry, associations)),
    count: entries.length,
    total: all.length,
    filter: query,
    pager: { page, pages },
    categories: sorted(all.flatMap(({ category }) => category ?? [])),
    tags: sorted(all.flatMap(({ tags }) => tags ?? [])),
    tests: tests.map(({ id, title }) => ({ id, title })),
    circles: ['colleagues', ...associations.map(({ id }) => `association:${id}`)].map((value, index) => ({
      value,
      name: index === 0 ? '' : (associations[index - 1]?.name ?? ''),
    })),
  };
}

export const bankQuestionView = (
  entry: BankEntry & { readonly versions: readonly BankVersion[] },
  drawnBy: readonly { readonly id: string; readonly title: string }[],
  associations: readonly Association[],
  names: ReadonlyMap<string, string>,
) => ({
  question: { ...entryView(entry, associations), feedback: entry.question.feedback },
  drawnBy: drawnBy.map(({ id, title }) => ({ id, title })),
  versions: entry.versions.map(({ version, createdAt, createdBy, name = '', text, format = 'plain' }) => ({
    version,
    name,
    at: createdAt,
    by: names.get(createdBy) ?? '',
    text,
    format,
  })),
});

export const duplicatesView = (
  groups: readonly (readonly BankEntry[])[],
  associations: readonly Association[],
) => ({ groups: groups.map((group) => group.map((entry) => entryView(entry, associations))) });

export const sharedView = (found: readonly SharedQuestion[], associations: readonly Association[]) => ({
  questions: found.map(({ question, sharedWith, course }) => ({
    ...shown(question),
    ref: `${question.courseId} ${question.key}`,
    course,
    shared: circleOf(sharedWith, associations),
  })),
});
