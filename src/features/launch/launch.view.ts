import { TOOL_TEXTS } from '../../lti/index.js';
import { manyLines, oneLine } from '../../shared/lines.js';
import type { ContentRef } from '../../shared/content.js';
import type { FormAgain } from '../../web/form.js';
import type { LinkState } from './course-copy/course-copy.service.js';
import type { Choice } from './deep-linking/deep-linking.service.js';

/** The picker as the page and JSON show it; nothing of the platform's settings but what the person needs. */
export const pickerView = (choice: Choice, made: ContentRef | undefined, again?: FormAgain) => {
  const called = calledSo(choice);
  const preset = made ?? called;
  const sent = again && new Set([again.values.chosen ?? []].flat());
  const isChosen = (ref: string): boolean =>
    sent?.has(ref) ?? (preset !== undefined && ref === `${preset.kind}:${preset.id}`);
  return {
    ...pickerData(choice, isChosen, called !== undefined),
    errors: again?.errors ?? {},
    values: again?.values ?? {},
  };
};

const pickerData = (choice: Choice, isChosen: (ref: string) => boolean, calledSo: boolean) => ({
  request: choice.request.id,
  several: choice.several,
  possible: choice.takes !== 'nothing',
  addresses: choice.takes === 'addresses',
  // First values of the platform's form, for a single item; absent where it has none.
  naming: namingOf(choice.request.settings, calledSo),
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
      chosen: isChosen(`${kind.kind}:${item.id}`),
    })),
  })),
});

/** The content that the platform's form is called after: it was chosen before. Undefined if there are several, or none. */
function calledSo({ request, shelves }: Choice): ContentRef | undefined {
  const title = oneLine(request.settings.title ?? '');
  const found = shelves.flatMap(({ kind, items }) =>
    items.filter((item) => item.title === title).map(({ id }): ContentRef => ({ kind: kind.kind, id })),
  );
  return title !== '' && found.length === 1 ? found[0] : undefined;
}

const own = (texts: Readonly<Record<string, string>>): ReadonlySet<string> =>
  new Set(Object.values(texts).map((text) => text.toLowerCase()));
const TOOL_NAMES = own(TOOL_TEXTS.names);
const TOOL_DESCRIPTIONS = own(TOOL_TEXTS.descriptions);

/**
 * @param calledSo whether the name is that of our content, so that another choice brings another one
 */
function namingOf({ title = '', text = '' }: Choice['request']['settings'], calledSo: boolean) {
  const name = oneLine(title);
  const said = manyLines(text);
  // Moodle fills in what the tool is called where nobody has typed anything.
  const none = calledSo || TOOL_NAMES.has(name.toLowerCase());
  const naming = {
    title: none ? '' : name.slice(0, 200),
    text: TOOL_DESCRIPTIONS.has(said.toLowerCase()) ? '' : said.slice(0, 2_000),
  };
  return naming.title === '' && naming.text === '' ? null : naming;
}

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
