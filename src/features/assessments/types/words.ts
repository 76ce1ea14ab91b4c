/** How texts are compared: what a typing hand or a keyboard decides makes no difference. */

/**
 * A text as it is compared: composed (NFC), spaces of all kinds single and none at the ends, ё as е, dashes,
 * quotation marks and apostrophes of one kind each, and lower case unless the case matters.
 */
export function normalised(text: string, caseMatters: boolean): string {
  const same = text
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/ё/gu, 'е')
    .replace(/Ё/gu, 'Е')
    .replace(/[\u2010-\u2015\u2212]/gu, '-')
    .replace(/[\u2018\u2019\u201B\u02BC`\u00B4]/gu, "'")
    .replace(/[«»\u201C-\u201F]/gu, '"');
  return caseMatters ? same : same.toLowerCase();
}

/** The literal parts between the stars of a pattern; `\*` is a star itself. */
const literals = (pattern: string): string[] =>
  // A place holder that normalised text cannot hold stands for the escaped star while the others part the text.
  pattern
    .replaceAll('\\*', '\0')
    .split('*')
    .map((part) => part.replaceAll('\0', '*'));

/**
 * Whether a text is what a pattern means, both normalised. `*` stands for any characters, also none.
 * Goes through the text once: no pattern can make it slow.
 */
export function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = literals(pattern);
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
