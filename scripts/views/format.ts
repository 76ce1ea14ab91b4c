import { doc, format, type Doc, type Plugin } from 'prettier';
import { parseView } from './parse.js';
import { printView } from './print.js';
import type { AttributeItem, Node, ValuePart } from './tree.js';

interface Root {
  readonly nodes: readonly Node[];
}

/** Prettier lays the lines out and formats the expressions; what a template consists of is ours. */
const plugin: Plugin<Root> = {
  languages: [{ name: 'EJS', parsers: ['ejs'], extensions: ['.ejs'] }],
  parsers: {
    ejs: {
      parse: (text) => ({ nodes: parseView(text) }),
      astFormat: 'ejs',
      locStart: () => 0,
      locEnd: () => 0,
    },
  },
  printers: {
    ejs: {
      print: () => '',
      embed:
        () =>
        async (textToDoc, _print, { node }: { readonly node: Root }) => {
          const docs = new Map<string, Doc>();
          for (const code of codesIn(node.nodes)) {
            if (docs.has(code)) continue;
            docs.set(
              code,
              whole(await textToDoc(code.replace(/\s*\n\s*/g, ' '), { parser: '__js_expression' })),
            );
          }
          return printView(node.nodes, (code) => docs.get(code) ?? code);
        },
    },
  },
};

/** Returns the template formatted; what it prints on a page stays the same but for white space that means nothing. */
export const formatView = (source: string): Promise<string> =>
  format(source, {
    parser: 'ejs',
    plugins: [plugin],
    printWidth: 110,
    singleQuote: true,
    trailingComma: 'none',
  });

/** Up to this length an expression is not broken: the element around it is. */
const SHORT = 60;

function whole(expression: Doc): Doc {
  const { formatted } = doc.printer.printDocToString(expression, {
    printWidth: 1000,
    tabWidth: 2,
    useTabs: false,
  });
  return formatted.length <= SHORT ? formatted : expression;
}

type Item = Node | AttributeItem | ValuePart;

/** The code of all outputs. */
function* codesIn(items: readonly Item[]): Generator<string> {
  for (const item of items) {
    if (item.kind === 'output') yield item.code;
    else if (item.kind === 'block') for (const { body } of item.branches) yield* codesIn(body);
    else if (item.kind === 'attribute') yield* codesIn([...item.name, ...(item.value ?? [])]);
    else if (item.kind === 'element') {
      yield* codesIn(item.attributes);
      yield* codesIn([...(item.children ?? []), ...(item.raw ?? [])]);
    }
  }
}
