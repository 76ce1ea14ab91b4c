import { doc, type Doc } from 'prettier';
import { hasFreeEdges, hasText, isBlock, keepsLines, place, type Placed } from './flow.js';
import type { AttributeItem, Block, Element, Node, Output, ValuePart } from './tree.js';

const { fill, group, hardline, indent, line, literalline, softline, join } = doc.builders;

/** What the printer is given for each output's code. */
export type Code = (code: string) => Doc;

interface Context {
  readonly code: Code;
  /** Whether a line break would be one on the page. */
  readonly keepsLines: boolean;
}

/** Prints a template: one element a line, text in lines of the usual width. */
export function printView(nodes: readonly Node[], code: Code): Doc {
  return [children(place(nodes, true, true), { code, keepsLines: false }, hasText(nodes)), hardline];
}

/** Nodes beside each other; `flows`: as the words of a text. */
function children(placed: readonly Placed[], context: Context, flows: boolean): Doc {
  // What touches, with no place for a line break between, is printed as one.
  const parts: Doc[] = [];
  let touching: Doc[] = [];
  for (const [index, item] of placed.entries()) {
    const previous = placed[index - 1];
    if (previous?.after) {
      parts.push(touching, separator(previous, item, context, flows));
      touching = [];
    }
    touching.push(printed(item, context, flows));
  }
  parts.push(touching);
  return fill(parts);
}

function separator(previous: Placed, item: Placed, context: Context, flows: boolean): Doc {
  if (context.keepsLines) return ' ';
  if (isBreak(item)) return '';
  if (isBreak(previous)) return hardline;
  if (flows && !isOwnLine(previous) && !isOwnLine(item)) return line;
  return item.paragraph ? [hardline, hardline] : hardline;
}

const isBreak = ({ node }: Placed): boolean => node.kind === 'element' && node.name === 'br';

/** Whether a node has lines of its own even within a text. */
function isOwnLine(item: Placed): boolean {
  const { node, branches } = item;
  if (node.kind === 'element') return isBlock(node) && !isBreak(item);
  if (node.kind === 'block') return branches.some((branch) => branch.some(isOwnLine));
  return node.kind === 'note' || node.kind === 'statement' || node.kind === 'literal';
}

function printed(item: Placed, context: Context, flows: boolean): Doc {
  const { node } = item;
  if (node.kind === 'element') return element(node, context);
  if (node.kind === 'block') return block(node, item, context, flows);
  if (node.kind === 'text' || node.kind === 'literal') return verbatim(node.text);
  return tag(node, context.code);
}

const verbatim = (text: string): Doc => join(literalline, text.split('\n'));

function tag(node: Exclude<ValuePart, { kind: 'text' | 'block' }>, code: Code): Doc {
  if (node.kind === 'note') {
    return group(['<%# ', indent(fill(join(line, node.text.split(/\s+/)))), ' %>']);
  }
  if (node.kind === 'statement') return ['<% ', tidy(node.code), ' %>'];
  return output(node, code);
}

const output = (node: Output, code: Code): Doc => group([`<%${node.mark} `, code(node.code), ' %>']);

const tidy = (code: string): string => code.replace(/\s+/g, ' ');

function block(node: Block<Node>, item: Placed, context: Context, flows: boolean): Doc {
  const docs: Doc[] = [];
  const apart = !flows || isOwnLine(item);
  for (const [index, { head, body }] of node.branches.entries()) {
    const branch = item.branches[index] ?? [];
    const first = branch[0];
    const last = branch.at(-1);
    docs.push(`<% ${tidy(head)} %>`);
    if (!first || !last) continue;
    const edge = (free: boolean): Doc => {
      if (!free) return '';
      if (context.keepsLines) return ' ';
      return apart ? hardline : line;
    };
    docs.push(
      indent([edge(first.before), children(branch, context, flows && hasText(body))]),
      edge(last.after),
    );
  }
  docs.push(`<% ${tidy(node.tail)} %>`);
  return group(docs);
}

function element(node: Element, context: Context): Doc {
  const open = opening(node, context.code);
  if (node.children === null) return open;
  const close = `</${node.name}>`;
  if (node.raw !== null) return [open, node.raw.map((part) => value(part, context.code)), close];
  const keeps = context.keepsLines || keepsLines(node);
  const free = hasFreeEdges(node) && !keeps;
  const flows = hasText(node.children);
  const placed = place(node.children, free, free);
  const first = placed[0];
  const last = placed.at(-1);
  if (!first || !last) return [open, close];
  const edge = (place: boolean): Doc => {
    if (keeps) return place ? ' ' : '';
    if (free) return softline;
    return place ? line : '';
  };
  const body = children(placed, { ...context, keepsLines: keeps }, flows);
  const own = free && placed.some(isOwnLine);
  const start = own ? hardline : edge(first.before);
  const end = own ? hardline : edge(last.after);
  const single = placed.length === 1 && first.node.kind === 'output' && !first.before;
  return group([open, single ? body : indent([start, body]), end, close]);
}

function opening(node: Element, code: Code): Doc {
  if (node.attributes.length === 0) return `<${node.name}>`;
  return group([
    `<${node.name}`,
    indent(node.attributes.map((item) => [line, attribute(item, code)])),
    softline,
    '>',
  ]);
}

function attribute(item: AttributeItem, code: Code): Doc {
  if (item.kind === 'block') {
    const docs: Doc[] = [];
    for (const { head, body } of item.branches) {
      docs.push(`<% ${tidy(head)} %>`, indent(body.map((inner) => [line, attribute(inner, code)])), line);
    }
    return group([docs, `<% ${tidy(item.tail)} %>`]);
  }
  if (item.kind !== 'attribute') return tag(item, code);
  const name = item.name.map((part) => value(part, code));
  return item.value === null ? name : [name, '="', item.value.map((part) => value(part, code)), '"'];
}

function value(part: ValuePart, code: Code): Doc {
  if (part.kind === 'text') return verbatim(part.text);
  if (part.kind !== 'block') return tag(part, code);
  const docs = part.branches.map(({ head, body }) => [
    `<% ${tidy(head)} %>`,
    body.map((inner) => value(inner, code)),
  ]);
  return [docs, `<% ${tidy(part.tail)} %>`];
}
