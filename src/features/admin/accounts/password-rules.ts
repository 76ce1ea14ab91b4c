/** What makes a password one that is guessed first. Length is the schema's matter. */

/** Beginnings of every list that guessers carry, in both alphabets. */
const COMMON =
  /passw[o0]rd|p[a4]ssw[o0]rd|пароль|parol|qwerty|йцукен|asdfgh|фывапр|zxcvbn|ячсмит|1q2w3e|admin|админ|welcome|letmein|secret|секрет|nastavnik|наставник|moodle|iloveyou|люблю/gu;

/** Of what remains when the guessable is taken away, this many different characters are needed. */
const LEAST_OWN = 6;

/**
 * @param login whose password it is to be
 * @returns true for one made of common words, the login, runs such as 12345 or abcde, or few characters
 */
export function isTrivial(password: string, login: string): boolean {
  const lower = password.normalize('NFKC').toLowerCase();
  const own = login === '' ? lower : lower.replaceAll(login.normalize('NFKC').toLowerCase(), '');
  return new Set(withoutRuns(own.replace(COMMON, ''))).size < LEAST_OWN;
}

/** Of neighbours in a row (123, cba, aaa) only the first is kept. */
function withoutRuns(text: string): string[] {
  const letters = Array.from(text);
  return letters.filter((letter, index) => {
    const before = letters[index - 1];
    return before === undefined || Math.abs((letter.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0)) > 1;
  });
}
