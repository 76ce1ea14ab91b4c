import { manyLines, oneLine } from '../../shared/lines.js';
import type { ContentRef } from '../../shared/content.js';
import type { LinkState } from './course-copy/course-copy.service.js';
import type { Choice } from './deep-linking/deep-linking.service.js';

/** The picker as the page and JSON show it; nothing of the platform's settings but what the person needs. */
export const pickerView = (choice: Choice, preset: ContentRef | undefined) => ({
  request: choice.request.id,
  several: choice.several,
  possible: choice.takes !== 'nothing',
  addresses: choice.takes === 'addresses',
  // First values of the platform's form, for a single item; absent where it has none.
  naming: namingOf(choice.request.settings),
  shelves: choice.shelves.map(({ kind, items }) => ({
    kind: kind.kind,
    label: kind.label,
    createPath: kind.createPath ?? null,
    items: items.map((item) => ({
      ref: `${kind.kind}:${item.id}`,
      title: item.title,
      hint: item.hint ?? '',
      draft: item.draft === true,
      scoreMaximum: item.scoreMaximum ?? null,
      chosen: preset?.kind === kind.kind && preset.id === item.id,
    })),
  })),
});

const namingOf = ({ title = '', text = '' }: Choice['request']['settings']) =>
  title === '' && text === ''
    ? null
    : { title: oneLine(title).slice(0, 200), text: manyLines(text).slice(0, 2_000) };

/** A link's page; of another course only what a teacher of that course knows anyway. */
export const linkView = (
  { link, label, items, state, path, source }: LinkState,
  errors: Readonly<Record<string, string>>,
) => ({
  link: link.id,
  label,
  state,
  leadsTo: path,
  source,
  items: items.map(({ id, title, draft, scoreMaximum }) => ({
    id,
    title,
    draft: draft === true,
    scoreMaximum: scoreMaximum ?? null,
    chosen: link.content?.id === id,
  })),
  errors,
});
