/** Reading what others sent: nothing about its shape is taken for granted. */

export type Sent = Readonly<Record<string, unknown>>;

/** An object's members; none for anything else. */
export const record = (value: unknown): Sent =>
  typeof value === 'object' && value !== null ? (value as Sent) : {};

/** A string; empty for anything else. */
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The strings of a list. */
export const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

/** The audiences of a token; `aud` is one or a list. */
export const audiences = ({ aud }: Sent): string[] => texts(Array.isArray(aud) ? aud : [aud]);

/** JSON, or undefined. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
