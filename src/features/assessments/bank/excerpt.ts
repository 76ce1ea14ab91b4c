import type { TextFormat } from './questions.store.js';

/** They stand within words. */
const INLINE = /<\/?(?:a|b|code|del|em|i|ins|mark|s|span|strong|sub|sup|u)(?:\s[^<>]*)?>/giu;

/**
 * The beginning of a question's text in one line, for lists: without tags, and never cut through a character.
 * Not safe HTML: to be escaped as any text.
 */
export function excerptOf(text: string, format: TextFormat = 'plain', most = 200): string {
  const bare = format === 'html' ? text.replace(INLINE, '').replace(/<[^>]*>/gu, ' ') : text;
  const plain = bare.replace(/\s+/gu, ' ').trim();
  const signs = Array.from(plain);
  return signs.length <= most ? plain : `${signs.slice(0, most).join('')}…`;
}
