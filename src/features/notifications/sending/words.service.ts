import { translator, type Locale } from '../../../i18n/index.js';
import type { Description, NotificationKind, Value } from '../kinds/kind.js';
import type { TemplatesStore } from '../templates/templates.store.js';
import { fill, lineOf, type Writing } from './template.js';

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
    description: Pick<Description, 'values' | 'items'>,
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

export function createWording(templates: Pick<TemplatesStore, 'find'>): Wording {
  const templateOf = async (kind: string, locale: Locale): Promise<Words> =>
    (await templates.find(kind, locale)) ?? builtIn(kind, locale);
  return {
    templateOf,
    async write({ name }, { values, items = [] }, writing, more = {}) {
      const { subject, text } = await templateOf(name, writing.locale);
      const all = { ...values, ...more };
      return {
        subject: fill(subject, all, writing).replace(/\s+/g, ' ').trim(),
        text: [fill(text, all, writing), ...items.map((item) => lineOf(item, writing))].join('\n').trim(),
      };
    },
  };
}
