/** Reads the forms of a page, as a browser that needs no more than hidden fields. */
export interface PageForm {
  readonly action: string;
  readonly method: 'get' | 'post';
  readonly fields: Readonly<Record<string, string>>;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

const unescaped = (text: string): string =>
  text.replaceAll(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (entity, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return NAMED[name ?? ''] ?? entity;
    },
  );

function attributes(tag: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', double, single, bare] of tag.matchAll(
    /([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g,
  )) {
    found[name.toLowerCase()] = unescaped(double ?? single ?? bare ?? '');
  }
  return found;
}

/**
 * Every form of a page with its inputs (hidden or not) and text areas.
 * @param base the page's own address, for relative actions
 */
export function formsOf(page: string, base: string): PageForm[] {
  return [...page.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head = '', content = '']) => {
    const { action = '', method = 'get' } = attributes(head);
    const fields: Record<string, string> = {};
    for (const [, tag = ''] of content.matchAll(/<input\b((?:[^>"']|"[^"]*"|'[^']*')*)>/gi)) {
      const { name, value = '', type } = attributes(tag);
      if (name !== undefined && type !== 'checkbox' && type !== 'submit') fields[name] = value;
    }
    for (const [, tag = '', value = ''] of content.matchAll(/<textarea\b([^>]*)>([\s\S]*?)<\/textarea>/gi)) {
      const { name } = attributes(tag);
      if (name !== undefined) fields[name] = unescaped(value).replace(/^\r?\n/, '');
    }
    return {
      action: new URL(action, base).href,
      method: method.toLowerCase() === 'post' ? 'post' : 'get',
      fields,
    };
  });
}
