/** A personal or mistyped value as the log may keep it: its beginning, and nothing of its length. */
export const masked = (value: string): string =>
  value === '' ? '' : `${String.fromCodePoint(value.codePointAt(0) ?? 0)}•••`;
