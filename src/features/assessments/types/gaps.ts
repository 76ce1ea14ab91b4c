/** Texts with gaps: the body holds `[[1]]`, `[[2]]` … where the gaps stand. */

/** A piece of a body: text, or the number of a gap from 0. */
export type BodyPiece = { readonly text: string } | { readonly gap: number };

const MARK = /\[\[(.+?)\]\]/gsu;

/** Returns the body with `[[n]]` in place of what the author wrote between the brackets, and what that was. */
export function readBody(written: string): { body: string; insides: string[] } {
  const insides: string[] = [];
  const body = written.replace(MARK, (_whole, inside: string) => {
    insides.push(inside.trim());
    return `[[${insides.length}]]`;
  });
  return { body, insides };
}

/** The way back: the body with each gap as its author wrote it. */
export const writeBody = (body: string, insides: readonly string[]): string =>
  body.replace(/\[\[(\d{1,3})\]\]/gu, (_whole, number: string) => `[[${insides[Number(number) - 1] ?? ''}]]`);

/** The body in pieces, in the order of reading. */
export function piecesOf(body: string): BodyPiece[] {
  return body.split(/(\[\[\d{1,3}\]\])/u).flatMap((text): BodyPiece[] => {
    const number = /^\[\[(\d{1,3})\]\]$/u.exec(text)?.[1];
    if (number !== undefined) return [{ gap: Number(number) - 1 }];
    return text === '' ? [] : [{ text }];
  });
}
