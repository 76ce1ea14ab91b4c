import type { Locale } from '../i18n/index.js';

/** How a date is written: "23 ноября 2026 г.", "пн, 23 нояб., 14:05", "14:05" … */
export type DateStyle = 'date' | 'day' | 'datetime' | 'time' | 'full' | 'shortDay' | 'month';

const STYLES: Record<DateStyle, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: 'long' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  datetime: { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  time: { hour: '2-digit', minute: '2-digit' },
  full: { dateStyle: 'full', timeStyle: 'short' },
  shortDay: { day: 'numeric', month: 'short' },
  month: { month: 'long', year: 'numeric' },
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

/** "12,5" in Russian, "12.5" in English; at most two decimals, and a minus for a minus. */
export const formatNumber = (value: number, locale: Locale): string =>
  numbers[locale].format(value).replace('-', '−');

/** From a day to a day, both included: "23–29 ноября 2026 г.", "30 November – 6 December 2026". */
export const formatDays = (from: Date, until: Date, locale: Locale, zone: string): string =>
  format(locale, zone, 'date').formatRange(from, until);

/**
 * The hour of a moment in the reader's zone and in that of the place, null where their clocks show the same:
 * `{ yours: '21:45', there: '14:45' }`; with the day where the days differ.
 */
export function bothTimes(
  moment: Date,
  locale: Locale,
  zones: { readonly reader: string; readonly place: string },
): { yours: string; there: string } | null {
  const day = (zone: string): string => formatDate(moment, locale, zone, 'shortDay');
  const hour = (zone: string): string => formatDate(moment, locale, zone, 'time');
  const { reader, place } = zones;
  const sameDay = day(reader) === day(place);
  if (sameDay && hour(reader) === hour(place)) return null;
  return sameDay
    ? { yours: hour(reader), there: hour(place) }
    : { yours: hour(reader), there: `${hour(place)} (${day(place)})` };
}

const zoneNames = new Map<string, Intl.DateTimeFormat>();

function zonePart(locale: Locale, zone: string, style: 'shortGeneric' | 'shortOffset', at: Date): string {
  const key = `${locale}|${zone}|${style}`;
  let made = zoneNames.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: style });
    zoneNames.set(key, made);
  }
  return made.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

/** Russian says "московское время"; the zones in which Russian centres lie. */
const RUSSIAN_TIMES: Readonly<Record<string, string>> = {
  'Europe/Kaliningrad': 'калининградское',
  'Europe/Moscow': 'московское',
  'Europe/Samara': 'самарское',
  'Asia/Yekaterinburg': 'екатеринбургское',
  'Asia/Omsk': 'омское',
  'Asia/Novosibirsk': 'новосибирское',
  'Asia/Krasnoyarsk': 'красноярское',
  'Asia/Irkutsk': 'иркутское',
  'Asia/Yakutsk': 'якутское',
  'Asia/Vladivostok': 'владивостокское',
  'Asia/Magadan': 'магаданское',
  'Asia/Kamchatka': 'камчатское',
};

const QUARTER_MS = 15 * 60_000;

/** Every page names its zone, and clocks change at full quarters of an hour only. */
const formattedZones = new Map<string, { readonly quarter: number; readonly text: string }>();

/** "московское (UTC+3)", "Нью-Йорк (UTC-5)", "Moscow Time (UTC+3)". @param at the offset is that of this moment */
export function formatZone(zone: string, locale: Locale, at: Date): string {
  const quarter = Math.floor(at.getTime() / QUARTER_MS);
  const key = `${locale}|${zone}`;
  const known = formattedZones.get(key);
  if (known?.quarter === quarter) return known.text;
  const text = zoneAt(zone, locale, at);
  formattedZones.set(key, { quarter, text });
  return text;
}

function zoneAt(zone: string, locale: Locale, at: Date): string {
  const offset = zonePart('en', zone, 'shortOffset', at).replace('GMT', 'UTC');
  if (zone === 'UTC') return 'UTC';
  const name =
    (locale === 'ru' ? RUSSIAN_TIMES[zone] : undefined) ?? zonePart(locale, zone, 'shortGeneric', at);
  return `${name} (${offset})`;
}

/** A time zone as an option of a select: "московское время (UTC+3)", "Moscow Time (UTC+3)". */
function zoneOption(zone: string, locale: Locale, at: Date): [string, string] {
  const words = formatZone(zone, locale, at);
  return [zone, locale === 'ru' ? words.replace(/^(\S+ое) \(/, '$1 время (') : words];
}

/** Russia's zones from west to east, in words. @param own named first where it is none of them */
export function russianZoneOptions(own: string, locale: Locale, at: Date): [string, string][] {
  const russian = Object.keys(RUSSIAN_TIMES);
  return [...(russian.includes(own) ? [] : [own]), ...russian].map((zone) => zoneOption(zone, locale, at));
}

/** Russia's zones in words, then all others by their IANA names. @param own among them, also by an older name */
export function zoneOptions(own: string, locale: Locale, at: Date): [string, string][] {
  const russian = Object.keys(RUSSIAN_TIMES);
  const others = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', own]);
  for (const zone of russian) others.delete(zone);
  return [
    ...russian.map((zone) => zoneOption(zone, locale, at)),
    ...[...others].sort().map((zone): [string, string] => [zone, zone]),
  ];
}
