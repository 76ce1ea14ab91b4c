import type SanitizeHtml from 'sanitize-html';
import { lazyPackage } from '../../../shared/lazy-package.js';
import type { Note } from './foreign.js';
import { embeddedText } from './embedded.js';

const sanitize = lazyPackage<typeof SanitizeHtml>('sanitize-html');

/** Finds an embedded file by its address in a text. Returns its reference, or null if the file is not there. */
export type FindFile = (address: string) => string | null;
const NO_FILES: FindFile = () => null;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
};

/** Elements whose content a plain text cannot hold; each is told in a note. */
const LOST = ['img', 'table', 'audio', 'video', 'iframe', 'object', 'svg'];

export interface PlainText {
  readonly text: string;
  readonly notes: readonly Note[];
}

/** Elements that a plain text with line breaks cannot stand for. */
const STRUCTURE = /<(?:(?:table|pre)[\s>]|a\s[^<>]*href)/iu;

const EMPHASIS = /<(b|strong|i|em|u|s|del|ins|mark)(?:\s[^<>]{0,300})?>([^]{0,500}?)<\/\1>/giu;
const WORD = /[\p{L}\p{N}]/u;
const wordsIn = (html: string): boolean => WORD.test(html.replace(/<[^<>]*>|&#?\w+;/gu, ''));

/** Whether some words or letters stand out of the others: what is asked may be about them. */
function hasEmphasis(html: string): boolean {
  const emphasised = [...html.matchAll(EMPHASIS)].some(([, , inside = '']) => wordsIn(inside));
  return emphasised && wordsIn(html.replace(EMPHASIS, ' '));
}

const attributeOf = (tag: string, name: string): string =>
  new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'iu').exec(tag)?.slice(1).find(Boolean) ?? '';

const addressOf = (tag: string): string =>
  decodeURIComponentSafely(decoded(attributeOf(tag, 'src') || attributeOf(tag, 'data')));

function decodeURIComponentSafely(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** Pictures and recordings of an LMS's page. */
// An element ends before the next of its kind begins: a text of a thousand openings is gone through once.
const MEDIA_TAG =
  /<audio\b[^<>]*>(?:(?!<audio)[\s\S])*?<\/audio>|<object\b[^<>]*>(?:(?!<object)[\s\S])*?<\/object>|<(?:img|object|audio)\b[^<>]*\/?>/giu;

/** @param write what stands for a file that was found */
const withFiles = (
  html: string,
  find: FindFile,
  write: (reference: string, alt: string, tag: string) => string,
) =>
  html.replace(MEDIA_TAG, (tag) => {
    const inner = /<source\b[^>]*>/iu.exec(tag)?.[0] ?? '';
    const reference = find(addressOf(tag.slice(0, tag.indexOf('>') + 1)) || addressOf(inner));
    return reference === null
      ? tag
      : write(reference, attributeOf(tag, 'alt') || attributeOf(tag, 'title'), tag);
  });

const decoded = (text: string): string =>
  text
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/gu, (_match, name: string) => ENTITIES[name] ?? '')
    .replace(/\u00a0/gu, ' ');

const lostIn = (html: string, names: readonly string[]): Note[] =>
  names
    .filter((name) => new RegExp(`<${name}[\\s>/]`, 'iu').test(html))
    .map((what) => ({ key: 'lostElement', what }));

/**
 * HTML of an LMS as plain text with line breaks. Pictures and recordings that are in the file keep their places; others,
 * tables and films are named in notes.
 */
export function plainFromHtml(html: string, find: FindFile = NO_FILES): PlainText {
  const kept = bounded(withFiles(html, find, (reference, alt) => ` ${embeddedText(reference, alt)} `));
  const marked = kept
    .replace(/\r\n?/gu, '\n')
    .replace(/<(?:br|hr)\s*\/?>/giu, '\n')
    .replace(/<\/(?:p|div|li|tr|h[1-6]|pre|ul|ol|table)>/giu, '\n')
    .replace(/<li[^>]*>/giu, '• ')
    .replace(/<\/t[dh]>/giu, '\t')
    .replace(/<sup>([^<]{1,40})<\/sup>/giu, '^$1')
    .replace(/<sub>([^<]{1,40})<\/sub>/giu, '_$1');
  const bare = withoutTags(marked);
  const text = decoded(bare)
    .replace(/(?<![ \t])[ \t]*(!\[[^\]\n]{0,300}\]\(embedded\/\d{1,5}\))[ \t]*/gu, ' $1 ')
    .replace(/^ (?=!\[)/gmu, '')
    .replace(/(?<![ \t])[ \t]+\n/gu, '\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
  const emphasis: readonly Note[] = hasEmphasis(kept) ? [{ key: 'lostEmphasis' }] : [];
  return { text, notes: [...lostIn(kept, LOST), ...emphasis] };
}

/** The bank holds texts of 10,000 characters: what is longer than this by far is refused there, and not read to its end. */
const LONGEST = 100_000;
const USUAL = 20_000;

/** A text that a parser is done with in a moment: in a very long one a `<` before another is no tag. */
const bounded = (html: string): string =>
  html.length <= USUAL ? html : html.slice(0, LONGEST).replace(/<(?=[^<>]*<)/gu, '&lt;');

/** Elements that most texts of an LMS are made of, without attributes that could hold a `>`. */
const COMMON = /<\/?(?:p|div|span|b|strong|i|em|u|ul|ol|tr|h[1-6])(?:\s[\w\s="'-]*)?>/giu;

/** Text between tags. What a few patterns do not tell is left to a parser, which costs much more. */
function withoutTags(html: string): string {
  const bare = html.replace(COMMON, '');
  return /[<>]|&(?!(?:amp|lt|gt|quot|nbsp|#39);)/u.test(bare)
    ? sanitize()(html, { allowedTags: [], allowedAttributes: {} })
    : bare;
}

/** HTML of an LMS as HTML of the bank, for texts with tables and listings; it is sanitised when it is stored. */
export function htmlFromHtml(html: string, find: FindFile = NO_FILES): PlainText {
  const whole = withFiles(html, find, (reference, alt, tag) =>
    /^<audio|type\s*=\s*["']audio/iu.test(tag)
      ? `<audio controls src="${reference}"></audio>`
      : `<img src="${reference}" alt="${alt}">`,
  );
  const kept = bounded(whole);
  const foreign = lostIn(kept.replace(/<(?:img|audio)[^>]*"embedded\/\d+"[^>]*>/giu, ''), LOST);
  return { text: kept.trim(), notes: foreign.filter(({ what }) => what !== 'table') };
}

/** Whether a text would lose its shape as plain text. */
export const hasStructure = (html: string): boolean => STRUCTURE.test(html) || hasEmphasis(bounded(html));

/** Plain text as HTML of one line. */
export const escapedHtml = (text: string): string =>
  text.replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/>/gu, '&gt;').replace(/\n/gu, '<br>');

/** Text of a known format; only `html` and Moodle's own format are markup. */
export const plainFrom = (text: string, format: string, find: FindFile = NO_FILES): PlainText =>
  isMarkup(text, format)
    ? plainFromHtml(text, find)
    : { text: text.slice(0, LONGEST).replace(/\r\n?/gu, '\n').trim(), notes: [] };

export const isMarkup = (text: string, format: string): boolean =>
  /^(?:html|moodle|moodle_auto_format)$/u.test(format) && /<[a-z!/][^<>]*>|&[a-z#]\w*;/iu.test(text);
