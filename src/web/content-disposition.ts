/** Shown in the page, or saved. */
export type Disposition = 'inline' | 'attachment';

/**
 * Writes the header Content-Disposition: the name as it is, and an ASCII one for programs that do not know RFC 8187.
 * https://www.rfc-editor.org/rfc/rfc6266#section-4 and https://www.rfc-editor.org/rfc/rfc8187#section-3.2
 */
export function contentDisposition(disposition: Disposition, name: string): string {
  if (name === '') return disposition;
  const ascii = name.replace(/[^\x20-\x7e]|["\\%;]/g, '_');
  const plain = `${disposition}; filename="${ascii}"`;
  return ascii === name ? plain : `${plain}; filename*=UTF-8''${encoded(name)}`;
}

/** `encodeURIComponent` leaves four characters as they are that RFC 8187 does not allow. */
const encoded = (name: string): string =>
  encodeURIComponent(name.replace(/\p{Cs}/gu, '_')).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
