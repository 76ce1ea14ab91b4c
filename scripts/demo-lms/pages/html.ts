/** Markup that is safe to print as it is. */
export class Html {
  constructor(readonly text: string) {}
}

export type Printable = Html | string | number | null | undefined | false | readonly Printable[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

function print(value: Printable): string {
  if (value instanceof Html) return value.text;
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value.map(print).join('');
}

/** Template literal for markup: whatever is put in is escaped, unless it is markup made the same way. */
export const html = (strings: TemplateStringsArray, ...values: Printable[]): Html =>
  new Html(strings.map((part, index) => part + print(values[index])).join(''));

/** A form that sends itself (lms.js); with scripts off, a button does. */
export const autoForm = (action: string, fields: Readonly<Record<string, string>>, button: string): Html =>
  html`<form method="post" action="${action}" data-auto>
    ${Object.entries(fields).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
    )}
    <button>${button}</button>
  </form>`;
