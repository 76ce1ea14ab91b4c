import type { IncomingMessage } from 'node:http';

/**
 * Returns the cookie of that name that the browser sent, decoded, or undefined. The header is searched rather
 * than parsed: a request needs one cookie or two, and names that were made at random (one for each login) as
 * property names of an object would give V8 a new hidden class each.
 * https://www.rfc-editor.org/rfc/rfc6265#section-5.4
 */
export function cookieOf(req: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  const header = req.headers.cookie;
  if (header === undefined) return undefined;
  // The first of two with the same name is the one with the longer path.
  for (let at = header.indexOf(name); at !== -1; at = header.indexOf(name, at + 1)) {
    if (!beginsAt(header, at)) continue;
    const equals = at + name.length;
    if (header[equals] !== '=') continue;
    const end = header.indexOf(';', equals);
    return decoded(header.slice(equals + 1, end === -1 ? undefined : end).trim());
  }
  return undefined;
}

/** Returns whether the browser sent any cookie at all. */
export const hasCookies = (req: Pick<IncomingMessage, 'headers'>): boolean =>
  req.headers.cookie?.includes('=') === true;

/** Returns true if a name may begin here: at the start, or after `;` and spaces. */
function beginsAt(header: string, at: number): boolean {
  let before = at - 1;
  while (header[before] === ' ') before--;
  return before < 0 || header[before] === ';';
}

function decoded(value: string): string {
  const text = value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Returns the cookies whose names begin so, as they were sent: values are not decoded. */
export function cookiesNamed(
  req: Pick<IncomingMessage, 'headers'>,
  prefix: string,
): { readonly name: string; readonly value: string }[] {
  if (req.headers.cookie?.includes(prefix) !== true) return [];
  return req.headers.cookie.split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    return at > 0 && name.startsWith(prefix) ? [{ name, value: pair.slice(at + 1).trim() }] : [];
  });
}
