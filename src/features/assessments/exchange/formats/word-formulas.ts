import type * as Yazl from 'yazl';
import { lazyPackage } from '../../../../shared/lazy-package.js';
import { unzip } from '../../../../shared/zip.js';
import { attribute, elementsOf, firstOf, localName, readXml, XmlProblem, type XmlElement } from '../xml.js';

/* Formulas of Word (Office MathML): written as LaTeX before the file is read, for the reader of Word files drops them. */

const yazl = lazyPackage<typeof Yazl>('yazl');

const DOCUMENT = 'word/document.xml';

/** Stands in a text after a formula that lost some of its form. */
export const SIMPLIFIED = '\uE000';

/** One formula does not hold another. */
const FORMULA = /<m:oMath(?:\s[^<>]*)?>((?:(?!<m:oMath[\s>])[^]){0,50000}?)<\/m:oMath>/gu;
/** A formula on a line of its own. */
const PARAGRAPH =
  /<\/?m:oMathPara(?:\s[^<>]*)?>|<m:oMathParaPr>(?:(?!<m:oMathParaPr>)[^])*?<\/m:oMathParaPr>/gu;

/** A Word file whose formulas are text; the same file if it has none. */
export async function withFormulas(bytes: Buffer): Promise<Buffer> {
  const files = await unzip(bytes, () => true);
  const document = files.get(DOCUMENT)?.toString('utf8') ?? '';
  if (!document.includes('<m:oMath')) return bytes;
  const written = document.replace(PARAGRAPH, '').replace(FORMULA, (formula) => runOf(formula));
  const zip = new (yazl().ZipFile)();
  for (const [name, content] of files)
    zip.addBuffer(name === DOCUMENT ? Buffer.from(written) : content, name);
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

const escaped = (text: string): string =>
  text.replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/>/gu, '&gt;');

/** The formula as a run of text. */
function runOf(formula: string): string {
  const { latex, isWhole } = latexOf(formula);
  const text = `${latex === '' ? '' : `\\(${latex}\\)`}${isWhole ? '' : SIMPLIFIED}`;
  return `<w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r>`;
}

/** A formula as LaTeX. `isWhole` is false where something of it has no counterpart here: its text stays. */
export function latexOf(formula: string): { readonly latex: string; readonly isWhole: boolean } {
  try {
    const writing = { isWhole: true };
    const latex = within(readXml(formula), writing).trim();
    return { latex, isWhole: writing.isWhole };
  } catch (error) {
    if (!(error instanceof XmlProblem)) throw error;
    return { latex: '', isWhole: false };
  }
}

interface Writing {
  isWhole: boolean;
}

const within = (parent: XmlElement | undefined, writing: Writing): string =>
  parent === undefined
    ? ''
    : elementsOf(parent)
        .map((element) => write(element, writing))
        .join('');

/** Elements that hold others and add nothing. */
const PLAIN = /^(?:oMath|e|num|den|sub|sup|deg|fName|box)$/u;

const FUNCTION = /^(?:sin|cos|tan|tg|cot|ctg|arcsin|arccos|arctan|log|ln|lg|exp)(?=$|[_^{])/u;

const SUMS: Readonly<Record<string, string>> = { '∑': '\\sum', '∏': '\\prod', '∫': '\\int' };

function write(element: XmlElement, writing: Writing): string {
  const part = (name: string): string => within(firstOf(element, name), writing);
  const name = localName(element);
  switch (name) {
    case 'r':
      return elementsOf(element, 't')
        .map(({ text }) => signs(text))
        .join('');
    case 'f':
      return `\\frac{${part('num')}}{${part('den')}}`;
    case 'sSup':
      return `{${part('e')}}^{${part('sup')}}`;
    case 'sSub':
      return `{${part('e')}}_{${part('sub')}}`;
    case 'sSubSup':
      return `{${part('e')}}_{${part('sub')}}^{${part('sup')}}`;
    case 'rad':
      return part('deg') === '' ? `\\sqrt{${part('e')}}` : `\\sqrt[${part('deg')}]{${part('e')}}`;
    case 'd':
      return bracketed(element, writing);
    case 'func':
      return `${part('fName').replace(FUNCTION, '\\$& ')}${part('e')}`;
    case 'nary':
      return `${SUMS[propertyOf(element, 'naryPr', 'chr') || '∫'] ?? '\\int'}_{${part('sub')}}^{${part('sup')}}${part('e')}`;
    case 'bar':
      return `\\overline{${part('e')}}`;
    default:
      if (name.endsWith('Pr')) return '';
      if (!PLAIN.test(name)) writing.isWhole = false;
      return within(element, writing);
  }
}

const propertyOf = (element: XmlElement, properties: string, name: string): string => {
  const found = firstOf(element, properties);
  const property = found && firstOf(found, name);
  return property === undefined ? '' : attribute(property, 'm:val');
};

function bracketed(element: XmlElement, writing: Writing): string {
  const [left, right] = [
    propertyOf(element, 'dPr', 'begChr') || '(',
    propertyOf(element, 'dPr', 'endChr') || ')',
  ].map((sign) => (/[{}]/u.test(sign) ? `\\${sign}` : sign));
  const inside = elementsOf(element, 'e').map((each) => within(each, writing));
  return `\\left${left}${inside.join('; ')}\\right${right}`;
}

/** Letters and signs; words of other letters are no names of variables. */
const signs = (text: string): string =>
  text
    .replace(/[\\{}$%#&_^]/gu, (sign) => (sign === '\\' ? '\\backslash ' : `\\${sign}`))
    .replace(/[А-Яа-яЁё]+/gu, '\\text{$&}');
