import type { CardView } from '../directory.view.js';

export type VcardVersion = '3.0' | '4.0';

/** RFC 6350, 3.4: what has a meaning in a value is written behind a backslash. */
const escaped = (text: string): string => text.replace(/[\\,;]/g, '\\$&').replace(/\r?\n/g, '\\n');

const LINE_OCTETS = 75;

/** Folds a line after 75 octets, never inside a letter (RFC 6350, 3.2). */
function folded(line: string): string {
  const lines: string[] = [];
  let current = '';
  let octets = 0;
  for (const letter of line) {
    const size = Buffer.byteLength(letter);
    if (octets + size > LINE_OCTETS) {
      lines.push(current);
      current = ' ';
      octets = 1;
    }
    current += letter;
    octets += size;
  }
  return [...lines, current].join('\r\n');
}

export interface VcardOptions {
  readonly version: VcardVersion;
  /** Address of the person's page. */
  readonly url: string;
  /** Name of the centre, or ''. */
  readonly organisation: string;
  /** Address of the photo, or null. */
  readonly photo: string | null;
}

/**
 * Writes what a reader may see of a card as a vCard.
 * https://www.rfc-editor.org/rfc/rfc6350 and https://www.rfc-editor.org/rfc/rfc2426
 */
export function vcardOf(card: CardView, { version, url, organisation, photo }: VcardOptions): string {
  const { surname, givenName, patronymic } = card.name;
  const lines = ['BEGIN:VCARD', `VERSION:${version}`];
  const add = (name: string, value: string): void => {
    if (value !== '') lines.push(`${name}:${value}`);
  };
  add('FN', escaped(card.fullName || url));
  add('N', [surname, givenName, patronymic, '', ''].map(escaped).join(';'));
  add('TITLE', escaped(card.position));
  add('ORG', escaped(organisation));
  for (const { kind, href, label, extension } of card.contacts) {
    if (kind === 'telephone') {
      const number = `${href.replace(/^tel:/, '').split(';')[0] ?? ''}${extension === undefined ? '' : ` ext. ${extension}`}`;
      add(version === '4.0' ? 'TEL;TYPE=work,voice' : 'TEL;TYPE=WORK,VOICE', escaped(number));
    } else if (kind === 'email') {
      add(version === '4.0' ? 'EMAIL;TYPE=work' : 'EMAIL;TYPE=INTERNET,WORK', escaped(label));
    } else if (href.startsWith('http')) {
      if (kind === 'site' || version === '3.0') add('URL', href);
      else add(`IMPP;TYPE=work`, href);
    }
  }
  if (photo !== null) add(version === '4.0' ? 'PHOTO' : 'PHOTO;VALUE=uri', photo);
  add('CATEGORIES', card.subjects.map(escaped).join(','));
  add('SOURCE', url);
  lines.push('END:VCARD');
  return `${lines.map(folded).join('\r\n')}\r\n`;
}
