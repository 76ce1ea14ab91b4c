import i18next from 'i18next';
import { en } from './en.js';
import { ru } from './ru.js';

export const LOCALES = ['ru', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** Translates a key such as `consultations.list.title`; values in `{{braces}}`, plurals by `count`. */
export type Translate = (key: string, values?: Readonly<Record<string, unknown>>) => string;

const instance = i18next.createInstance();
void instance.init({
  initAsync: false,
  resources: { ru: { translation: ru }, en: { translation: en } },
  supportedLngs: [...LOCALES],
  fallbackLng: 'ru',
  // Views escape what they print; escaping here as well would show &amp;quot; to people.
  interpolation: { escapeValue: false },
  returnNull: false,
});

/** Texts by key, or groups of them. */
export interface Texts {
  readonly [key: string]: string | Texts;
}

/**
 * Adds texts that stand beside the code they belong to, such as those of a question type; called while modules are
 * loaded, before a page asks for a text.
 */
export function addTexts(texts: Readonly<Record<Locale, Texts>>): void {
  for (const locale of LOCALES) instance.addResourceBundle(locale, 'translation', texts[locale], true, true);
}

const HOLE = /\{\{(\w+)\}\}/g;

/**
 * Texts never change while the process runs, and a page asks for dozens of them: i18next finds each once (by its
 * plural form, where there is a count), and the values are put in here.
 */
function remembering(locale: Locale): Translate {
  const find = instance.getFixedT(locale);
  const plural = new Intl.PluralRules(locale);
  const known = new Map<string, string>();
  const textOf = (key: string, count: unknown): string => {
    const form = typeof count === 'number' ? `${key} ${plural.select(count)}` : key;
    let text = known.get(form);
    if (text === undefined) {
      text =
        typeof count === 'number' ? find(key, { count, skipInterpolation: true }) : find(key, NOTHING_PUT_IN);
      known.set(form, text);
    }
    return text;
  };
  return (key, values) => {
    const text = textOf(key, values?.count);
    if (values === undefined) return text;
    return text.replace(HOLE, (hole, name: string) => (name in values ? String(values[name]) : hole));
  };
}

const NOTHING_PUT_IN = { skipInterpolation: true } as const;

const translators: Record<Locale, Translate> = { ru: remembering('ru'), en: remembering('en') };

export const translator = (locale: Locale): Translate => translators[locale];

/** True when a text exists under the key, plain or with plural forms for `count`. */
export const hasText = (locale: Locale, key: string): boolean =>
  instance.exists(key, { lng: locale, fallbackLng: [] }) ||
  instance.exists(key, { lng: locale, fallbackLng: [], count: 1 });

/** The nearest of our locales to a language tag as LMSs send it (`ru`, `ru_RU`, `en-US`), or null. */
export function knownLocale(tag: string | undefined): Locale | null {
  const primary = tag?.trim().toLowerCase().split(/[-_]/)[0];
  return LOCALES.find((locale) => locale === primary) ?? null;
}
