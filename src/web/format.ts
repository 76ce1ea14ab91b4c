import type { Locale } from '../i18n/index.js';

/** How a date is written: "23 ноября 2026 г.", "пн, 23 нояб., 14:05", "14:05" … */
export type DateStyle = 'date' | 'day' | 'datetime' | 'time' | 'full';

const STYLES: Record<DateStyle, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: 'long' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  datetime: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  time: { hour: '2-digit', minute: '2-digit' },
  full: { dateStyle: 'full', timeStyle: 'short' },
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** Intl objects are slow to make and safe to share. */
function format(locale: Locale, zone: string, style: DateStyle): Intl.DateTimeFormat {
  const key = `${locale}|${zone}|${style}`;
  let made = formats.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(locale === 'ru' ? 'ru-RU' : 'en-GB', { timeZone: zone, ...STYLES[style] });
    formats.set(key, made);
  }
  return made;
}

export const formatDate = (date: Date, locale: Locale, zone: string, style: DateStyle): string =>
  format(locale, zone, style).format(date);

const numbers: Record<Locale, Intl.NumberFormat> = {
  ru: new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 2 }),
  en: new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 }),
};

/** "12,5" in Russian, "12.5" in English; at most two decimals. */
export const formatNumber = (value: number, locale: Locale): string => numbers[locale].format(value);
