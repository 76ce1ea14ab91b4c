import { renderView } from '../../web/views.js';

/** What stands in the `style` attribute of an element, by its class; `body` for the page. */
export type MailStyles = Readonly<Record<string, string>>;

/** A rule of the sheet: one class, or the page. */
const RULE = /\.?([\w-]+)\s*\{([^{}]*)\}/g;

let made: MailStyles | undefined;

/**
 * Programs for mail drop style sheets, so the styles go into the elements. The sheet is read once: it is the same for
 * every message.
 */
export function mailStyles(): MailStyles {
  made ??= stylesOf(renderView('mail/styles', {}));
  return made;
}

function stylesOf(sheet: string): MailStyles {
  const rules = [...sheet.matchAll(RULE)];
  return Object.fromEntries(
    rules.map(([, name = '', declarations = '']) => [name, declarations.replace(/\s+/g, ' ').trim()]),
  );
}
