import { translator, type Locale } from '../../../i18n/index.js';
import type { CasedName, Description, NotificationKind, Value } from '../kinds/kind.js';
import type { TemplatesStore } from '../templates/templates.store.js';
import { fill, hasCases, lineOf, type Writing } from './template.js';

/** A message in words, without who it is for. */
export interface Words {
  readonly subject: string;
  readonly text: string;
}

/** The words of messages: the administrator's where they have changed them, ours otherwise. */
export interface Wording {
  /** The template in use. */
  templateOf(kind: string, locale: Locale): Promise<Words>;
  write(
    kind: Pick<NotificationKind, 'name'>,
    description: Pick<Description, 'values' | 'items' | 'people'>,
    writing: Writing,
    more?: Readonly<Record<string, Value>>,
  ): Promise<Words>;
}

/** Variables that every template may use. */
export const COMMON_VARIABLES = ['course', 'recipient'] as const;

/** The template that comes with the program. */
export const builtIn = (kind: string, locale: Locale): Words => {
  const t = translator(locale);
  return { subject: t(`notifications.kind.${kind}.subject`), text: t(`notifications.kind.${kind}.text`) };
};

/** How the cards of people write their names in cases, by person. */
export type NameCasesOf = (
  personIds: readonly string[],
) => Promise<ReadonlyMap<string, NonNullable<CasedName['cases']>>>;

export function createWording(
  templates: Pick<TemplatesStore, 'find'>,
  nameCasesOf: NameCasesOf = () => Promise.resolve(new Map()),
): Wording {
  const templateOf = async (kind: string, locale: Locale): Promise<Words> =>
    (await templates.find(kind, locale)) ?? builtIn(kind, locale);
  async function withCases(
    values: Description['values'],
    people: NonNullable<Description['people']>,
  ): Promise<Description['values']> {
    const cases = await nameCasesOf(Object.values(people).filter((id) => id !== ''));
    const entries = Object.entries(values).map(([name, value]) => {
      const own = cases.get(people[name] ?? '');
      const isName = typeof value === 'object' && value !== null && 'surname' in value;
      return [name, isName && own !== undefined ? { ...value, cases: own } : value] as const;
    });
    return Object.fromEntries(entries);
  }

  return {
    templateOf,
    async write({ name }, { values, items = [], people = {} }, writing, more = {}) {
      const { subject, text } = await templateOf(name, writing.locale);
      const cased = hasCases(`${subject} ${text}`) ? await withCases(values, people) : values;
      const all = { ...cased, ...more };
      return {
        subject: fill(subject, all, writing).replace(/\s+/g, ' ').trim(),
        text: [fill(text, all, writing), ...items.map((item) => lineOf(item, writing))]
          .join('\n')
          .replace(/\n{3,}/g, '\n\n')
          .trim(),
      };
    },
  };
}
