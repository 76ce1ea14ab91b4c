import type Juice from 'juice';
import { lazyPackage } from '../../shared/lazy-package.js';
import { renderView } from '../../web/views.js';

const juice = lazyPackage<typeof Juice>('juice');

/** What stands in the `style` attribute of an element, by its class; `body` for the page. */
export type MailStyles = Readonly<Record<string, string>>;

const ELEMENTS = ['letter', 'button', 'action', 'footer'];

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
  const page = `<html><head>${sheet}</head><body>${ELEMENTS.map((name) => `<p class="${name}"></p>`).join('')}</body></html>`;
  const styled = juice()(page);
  const styleOf = (pattern: RegExp): string => pattern.exec(styled)?.[1] ?? '';
  return Object.fromEntries([
    ['body', styleOf(/<body style="([^"]*)"/)],
    ...ELEMENTS.map((name) => [name, styleOf(new RegExp(`class="${name}" style="([^"]*)"`))]),
  ]) as MailStyles;
}
