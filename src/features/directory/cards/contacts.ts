import type * as Telephones from 'libphonenumber-js';
import { fold } from '../../../shared/folding.js';
import { lazyPackage } from '../../../shared/lazy-package.js';
import { typedWebAddress } from '../../../shared/origins.js';
import { domainToASCII, domainToUnicode } from 'node:url';
import type { ContactKind } from './card.js';

const telephones = lazyPackage<typeof Telephones>('libphonenumber-js');

/**
 * Contacts are kept in one normal form, and links are built from that form alone: a link can
 * only lead to the service of its kind.
 */
export interface ContactLink {
  /** `tel:`, `mailto:`, `viber:` or `https:`; for a site also `http:`. '' for what cannot be opened. */
  readonly href: string;
  /** As it is read aloud or printed. */
  readonly label: string;
  /** To be dialled after the number. */
  readonly extension?: string;
  /** Opens a page of another site rather than an app. */
  readonly page: boolean;
}

interface Kind {
  /** @returns the normal form, or null for what is no contact of this kind */
  readonly normalise: (typed: string) => string | null;
  readonly link: (value: string) => ContactLink;
}

/** No country code begins with 89: that is the trunk prefix written behind a plus. */
const TRUNK_BEHIND_PLUS = /^\+\s*89/;
const EXTENSION = /\s*(?:,|;\s*ext=|#|доб\.?|вн\.?|ext\.?)\s*(\d{1,6})$/iu;

/**
 * "8 (900) 123-45-67 доб. 12" → "+79001234567;ext=12" (RFC 3966, 5.1 and 5.3), or null. A number without its
 * country is one of Russia.
 */
function telephone(typed: string): string | null {
  const plain = fold(typed, 'contact')
    .replace(/\p{Cf}/gu, '')
    .replace(/^tel:/i, '')
    .trim();
  const extension = EXTENSION.exec(plain)?.[1];
  const number = plain.replace(EXTENSION, '');
  // The library reads letters as keys of a telephone, and finds numbers inside of texts.
  if (!/^\+?[\d\s().\u002d\u2010-\u2015\u2212]+$/.test(number) || TRUNK_BEHIND_PLUS.test(number)) return null;
  const parsed = telephones().parsePhoneNumberFromString(number, 'RU');
  // Possible rather than valid: numbering plans change more often than the library is updated.
  if (parsed?.isPossible() !== true) return null;
  return `${parsed.number}${extension === undefined ? '' : `;ext=${extension}`}`;
}

/** Russian numbers as Russians write them; others as the library groups them. */
const spaced = (number: string): string => {
  const russian = /^\+7(\d{3})(\d{3})(\d\d)(\d\d)$/.exec(number);
  if (russian) return `+7 ${russian[1]} ${russian[2]}-${russian[3]}-${russian[4]}`;
  return telephones().parsePhoneNumberFromString(number)?.formatInternational() ?? number;
};

function telephoneLink(value: string): ContactLink {
  const [number = '', extension] = value.split(';ext=');
  return {
    href: `tel:${value}`,
    label: spaced(number),
    ...(extension !== undefined && { extension }),
    page: false,
  };
}

const HOST = /^(?=.{4,253}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+(?!-)[a-z][a-z0-9-]{0,62}(?<!-)$/;

/** A name of the public web in its ASCII form, or null; addresses in digits and bare words are none. */
function publicHost(host: string): string | null {
  if (/[\s/?#@:[\]\\%]/.test(host)) return null;
  const ascii = domainToASCII(host);
  return HOST.test(ascii) ? ascii : null;
}

function email(typed: string): string | null {
  const plain = fold(typed, 'contact').replace(/^mailto:/i, '');
  const at = plain.lastIndexOf('@');
  const local = plain.slice(0, at);
  const host = publicHost(plain.slice(at + 1));
  const word = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
  if (at < 1 || local.length > 64 || host === null || !word.test(local)) return null;
  return `${local}@${domainToUnicode(host)}`;
}

function emailLink(value: string): ContactLink {
  const at = value.lastIndexOf('@');
  const local = encodeURIComponent(value.slice(0, at));
  return { href: `mailto:${local}@${domainToASCII(value.slice(at + 1))}`, label: value, page: false };
}

/** An http(s) address as typed, with or without its scheme, or null. */
const webAddress = (typed: string): URL | null =>
  /[\s\\\p{Cc}]/u.test(typed) ? null : typedWebAddress(typed);

/**
 * What follows the host in an address of a service, or the bare name as people write it ("@name").
 * @returns the path's parts; null for an address of another host
 */
function account(typed: string, hosts: readonly string[]): string[] | null {
  if (!/[/:]/.test(typed)) return [typed.replace(/^@/, '')];
  const url = webAddress(typed);
  if (url === null || !hosts.includes(url.hostname.replace(/^(?:www|m)\./, ''))) return null;
  if (url.port !== '') return null;
  return url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map((part, index) => (index === 0 ? part.replace(/^(?:@|%40)/, '') : part));
}

/** The name alone when the address has nothing else, and when it is none of the service's own pages. */
function onlyName(parts: readonly string[] | null, shape: RegExp, taken: readonly string[]): string | null {
  const [name = '', ...rest] = parts ?? [];
  return rest.length === 0 && shape.test(name) && !taken.includes(name.toLowerCase()) ? name : null;
}

function whatsapp(typed: string): string | null {
  if (!/^https?:|^wa\.me\/|whatsapp\.com\//i.test(typed)) return withoutExtension(telephone(typed));
  const url = webAddress(typed);
  if (url === null) return null;
  const digits =
    url.hostname === 'wa.me'
      ? url.pathname.slice(1)
      : url.hostname === 'api.whatsapp.com' && url.pathname.startsWith('/send')
        ? (url.searchParams.get('phone') ?? '')
        : '';
  return withoutExtension(telephone(digits.trim().replace(/^\+?/, '+')));
}

const withoutExtension = (value: string | null): string | null => (value?.includes(';') ? null : value);

function telegram(typed: string): string | null {
  // Telegram opens a chat by telephone number as well: t.me/+79001234567. Invitations look alike, but have letters.
  const parts = account(typed, ['t.me', 'telegram.me']);
  const [first = '', ...rest] = parts ?? [];
  if (/^(?:\+|%2B)?[\d\s()-]{10,}$/i.test(first) && rest.length === 0) {
    return withoutExtension(telephone(first.replace(/^%2B/i, '+')));
  }
  const name = onlyName(parts, /^[a-z][a-z0-9_]{3,31}$/i, ['joinchat', 'share', 'addstickers', 'proxy']);
  return name?.toLowerCase() ?? null;
}

function vk(typed: string): string | null {
  const taken = ['vk.com', 'vk.ru', 'feed', 'away', 'login', 'friends', 'groups', 'video', 'audios'];
  const name = onlyName(account(typed, ['vk.com', 'vk.ru', 'vk.me']), /^[a-z0-9_][a-z0-9_.]{1,59}$/i, taken);
  return name === null || name.endsWith('.php') ? null : name.toLowerCase();
}

function instagram(typed: string): string | null {
  const shape = /^(?!\.)(?!.*\.\.)[a-z0-9._]{1,30}(?<!\.)$/i;
  const taken = ['instagram.com', 'explore', 'accounts', 'reels', 'direct'];
  return onlyName(account(typed, ['instagram.com']), shape, taken)?.toLowerCase() ?? null;
}

/** A name, or the key of a profile's link (`max.ru/u/<key>`), whose letters differ by case. */
function max(typed: string): string | null {
  const parts = account(typed, ['max.ru']);
  const [first = '', key = '', ...rest] = parts ?? [];
  if (first === 'u' && rest.length === 0 && /^[\w-]{10,120}$/.test(key)) return `u/${key}`;
  return onlyName(parts, /^[a-z0-9][a-z0-9_-]{2,63}$/i, ['join', 'download', 'web'])?.toLowerCase() ?? null;
}

function site(typed: string): string | null {
  const url = webAddress(typed);
  return url !== null && publicHost(url.hostname) !== null && url.href.length <= 400 ? url.href : null;
}

function siteLabel(value: string): string {
  const url = new URL(value);
  const scheme = url.protocol === 'https:' ? '' : 'http://';
  const host = domainToUnicode(url.hostname) + (url.port === '' ? '' : `:${url.port}`);
  return scheme + host + (url.pathname === '/' ? '' : url.pathname) + url.search + url.hash;
}

/** Viber opens chats by telephone number alone. */
function viber(typed: string): string | null {
  const number = /^viber:\/\/(?:chat|add)\?number=(?:%2B|\+)?(\d{8,15})$/i.exec(typed)?.[1];
  return withoutExtension(telephone(number === undefined ? typed : `+${number}`));
}

/** The address of a chat or a profile of Сферум, which lives on several hosts. */
function sferum(typed: string): string | null {
  const url = webAddress(typed);
  if (url?.port !== '' || url.href.length > 400) return null;
  const host = url.hostname.replace(/^www\./, '');
  if (host !== 'sferum.ru' && host !== 'web.vk.me' && !host.endsWith('.sferum.ru')) return null;
  return `https://${host}${url.pathname}${url.search}${url.hash}`;
}

/** An address of the web, or a line of text that says how to reach the person. */
function other(typed: string): string | null {
  const address = site(typed);
  if (address !== null) return address;
  const plain = typed.normalize('NFKC').replace(/\p{C}/gu, '');
  const named = /^[^<>\\]{2,200}$/u.test(plain) && !/^[\s"']*\w+\s*:/.test(plain);
  return named && !/["']\s*\w+\s*=/.test(plain) ? plain : null;
}

const otherLink = (value: string): ContactLink =>
  /^https?:\/\//.test(value)
    ? { href: value, label: siteLabel(value), page: true }
    : { href: '', label: value, page: false };

const profile = (host: string, name: string, label = `${host}/${name}`): ContactLink => ({
  href: `https://${host}/${name}`,
  label,
  page: true,
});

const KINDS: Readonly<Record<ContactKind, Kind>> = {
  telephone: {
    normalise: telephone,
    link: telephoneLink,
  },
  email: { normalise: email, link: emailLink },
  whatsapp: {
    normalise: whatsapp,
    link: (value) => profile('wa.me', value.slice(1), spaced(value)),
  },
  telegram: {
    normalise: telegram,
    link: (value) => profile('t.me', value, value.startsWith('+') ? spaced(value) : `@${value}`),
  },
  max: { normalise: max, link: (value) => profile('max.ru', value) },
  vk: { normalise: vk, link: (value) => profile('vk.com', value) },
  instagram: { normalise: instagram, link: (value) => profile('instagram.com', value, `@${value}`) },
  viber: {
    normalise: viber,
    link: (value) => ({
      href: `viber://chat?number=%2B${value.slice(1)}`,
      label: spaced(value),
      page: false,
    }),
  },
  sferum: { normalise: sferum, link: (value) => ({ href: value, label: siteLabel(value), page: true }) },
  other: { normalise: other, link: otherLink },
  site: { normalise: site, link: (value) => ({ href: value, label: siteLabel(value), page: true }) },
};

/**
 * @param typed what a person wrote or pasted
 * @returns the contact's normal form, '' for nothing, or null for what is no contact of this kind
 */
export function normaliseContact(kind: ContactKind, typed: string): string | null {
  const trimmed = typed.trim();
  return trimmed === '' ? '' : KINDS[kind].normalise(trimmed);
}

/** @param value in normal form, not empty */
export const contactLink = (kind: ContactKind, value: string): ContactLink => KINDS[kind].link(value);

/** The contact as a form shows it; sent again, it is the same contact. */
export function contactText(kind: ContactKind, value: string): string {
  if (value === '') return '';
  const { label, extension } = contactLink(kind, value);
  return extension === undefined ? label : `${label}, ${extension}`;
}
