import { newKey } from '../../../shared/ids.js';
import { transliterate } from './search-words.js';

/** Namesakes are numbered up to here; a centre with more of them gets keys. */
const NUMBERED = 20;

/**
 * Tries addresses for something of this name until one is free: the name in Latin letters, then numbered, then
 * with a random key. Which is free, the unique index behind `insert` says.
 * @param fallback what stands for a name that cannot be written in Latin letters
 * @returns the first answer of `insert` other than `'slug'`
 */
export async function insertUnderFreeSlug<Answer>(
  name: string,
  fallback: string,
  insert: (slug: string) => Promise<Answer | 'slug'>,
): Promise<Answer> {
  const base = transliterate(name);
  for (let number = 1; base !== '' && number <= NUMBERED; number += 1) {
    const answer = await insert(number === 1 ? base : `${base}-${number}`);
    if (answer !== 'slug') return answer;
  }
  for (;;) {
    const answer = await insert(`${base === '' ? fallback : base}-${newKey(6)}`);
    if (answer !== 'slug') return answer;
  }
}
