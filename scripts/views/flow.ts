import type { Block, Element, Node } from './tree.js';

/** Elements that end the line before and after them: white space around them means nothing. */
const BLOCKS = new Set(
  (
    'html head body meta link title script style address article aside blockquote br dd details dialog div dl dt ' +
    'fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr label legend li main nav ol optgroup option ' +
    'p pre section summary table tbody td template tfoot th thead tr ul'
  ).split(' '),
);
/** Inline outside, yet white space at the edges of their content means nothing. */
const INLINE_BLOCKS = new Set(['button', 'select', 'svg', 'video']);

const plain = (element: Element, name: string): string | null => {
  for (const item of element.attributes) {
    if (item.kind !== 'attribute' || item.name[0]?.kind !== 'text' || item.name[0].text !== name) continue;
    const [first] = item.value ?? [];
    return first?.kind === 'text' ? first.text : '';
  }
  return null;
};

const hasClass = (element: Element, name: string): boolean =>
  plain(element, 'class')?.split(/\s+/).includes(name) ?? false;

/** Whether white space before and after the element means nothing. */
export function isBlock(element: Element): boolean {
  if (element.name === 'form' && hasClass(element, 'inline')) return false;
  if (element.name === 'input') return plain(element, 'type') === 'hidden';
  return BLOCKS.has(element.name);
}

/** Whether white space at the edges of the element's content means nothing. */
export function hasFreeEdges(element: Element): boolean {
  if (keepsLines(element)) return false;
  if (hasClass(element, 'button') || plain(element, 'role') === 'button') return true;
  return BLOCKS.has(element.name) || INLINE_BLOCKS.has(element.name);
}

/** Whether a line break in the content is a line break on the page (`white-space: pre-line`). */
export const keepsLines = (element: Element): boolean => hasClass(element, 'prose');

/** Outputs that are elements, not words of a sentence. */
const isMarkup = (code: string): boolean => /^(?:partial|csrfField|field)\(|^body$/.test(code);
/** Outputs that are hidden or are blocks: white space around them means nothing. */
const isFree = (code: string): boolean =>
  /^(?:csrfField|field)\(|^body$|^partial\('(?:\.\.\/)?partials\/(?:field|empty)'/.test(code);

/** Whether some of the nodes are words of a text, so that the rest flows with them. */
export function hasText(nodes: readonly Node[]): boolean {
  return nodes.some((node) => {
    if (node.kind === 'text') return node.text.trim() !== '';
    if (node.kind === 'output') return !isMarkup(node.code);
    if (node.kind === 'block') return node.branches.some(({ body }) => hasText(body));
    return false;
  });
}

/** A node other than text that is only space, and the white space it has before and after it. */
export interface Placed {
  readonly node: Node;
  /** White space stands here, or may: it would mean nothing. */
  before: boolean;
  after: boolean;
  /** An empty line is kept before it. */
  readonly paragraph: boolean;
  /** Blocks only: the items of each branch. */
  readonly branches: readonly Placed[][];
}

/**
 * Places nodes beside each other and finds where a line may break: where there is white space already, where blocks
 * are, and at the edges of `if` and `for` where white space meets white space.
 * @param start whether a line may break before the first node; `end`: after the last
 */
export function place(nodes: readonly Node[], start: boolean, end: boolean): Placed[] {
  const placed: Placed[] = [];
  let space = false;
  let lines = 0;
  for (const node of nodes) {
    if (node.kind === 'text') {
      for (const part of node.text.split(/(\s+)/)) {
        if (part === '') continue;
        if (/^\s/.test(part)) {
          space = true;
          lines = part.split('\n').length - 1;
          const last = placed.at(-1);
          if (last) last.after = true;
        } else add({ kind: 'text', text: part });
      }
    } else add(node);
  }
  function add(node: Node): void {
    placed.push({
      node,
      before: space,
      after: false,
      paragraph: lines > 1 && placed.length > 0,
      branches: branchesOf(node),
    });
    space = false;
    lines = 0;
  }
  settle(placed, start, end);
  return placed;
}

const branchesOf = (node: Node): Placed[][] =>
  node.kind === 'block' ? node.branches.map(({ body }) => place(body, false, false)) : [];

/** Repeats until no more place is found where a line may break. */
function settle(placed: Placed[], start: boolean, end: boolean): void {
  for (let changed = true; changed;) {
    changed = false;
    for (const [index, item] of placed.entries()) {
      const previous = placed[index - 1];
      const next = placed[index + 1];
      const free = edges(item);
      const before = item.before || free.outside || (previous ? previous.after : start);
      const after = item.after || free.outside || (next ? next.before : end);
      // White space inside of a block's edge is as good outside of it, if it meets white space when the block is
      // empty or ends.
      const isBefore = before || (free.inStart && (after || free.filled)) || (free.nothing && after);
      const isAfter = after || (free.inEnd && (before || free.filled)) || (free.nothing && before);
      if (isBefore !== item.before || isAfter !== item.after) changed = true;
      item.before = isBefore;
      item.after = isAfter;
      if (previous && isBefore && !previous.after) changed = previous.after = true;
      if (next && isAfter && !next.before) changed = next.before = true;
      if (item.node.kind === 'block' && open(item, item.node)) changed = true;
    }
  }
}

/** Lets lines break at the inner edges of a block where they may; returns whether anything changed. */
function open(item: Placed, node: Block<Node>): boolean {
  let changed = false;
  const loops = /^(?:for|while)\b|=>\s*\{$/.test(node.branches[0]?.head ?? '');
  for (const branch of item.branches) {
    const first = branch[0];
    const last = branch.at(-1);
    if (!first || !last) continue;
    const start = item.before && (!loops || first.before || last.after);
    const end = item.after && (!loops || first.before || last.after);
    if (start && !first.before) changed = first.before = true;
    if (end && !last.after) changed = last.after = true;
    settle(branch, first.before, last.after);
  }
  return changed;
}

interface Edges {
  /** White space around it means nothing. */
  readonly outside: boolean;
  /** It prints nothing, so that white space on one side is as good on the other. */
  readonly nothing: boolean;
  /** All branches begin, or end, with white space. */
  readonly inStart: boolean;
  readonly inEnd: boolean;
  /** One of the branches is always printed. */
  readonly filled: boolean;
}

const NO_EDGES: Edges = { outside: false, nothing: false, inStart: false, inEnd: false, filled: false };

function edges({ node, branches }: Placed): Edges {
  if (node.kind === 'element') return { ...NO_EDGES, outside: isBlock(node) };
  if (node.kind === 'output') return { ...NO_EDGES, outside: isFree(node.code) };
  if (node.kind === 'literal') return { ...NO_EDGES, outside: true };
  if (node.kind !== 'block') return { ...NO_EDGES, nothing: node.kind !== 'text' };
  return {
    ...NO_EDGES,
    inStart: branches.every((branch) => branch[0]?.before ?? false),
    inEnd: branches.every((branch) => branch.at(-1)?.after ?? false),
    filled: node.branches.at(-1)?.head === '} else {' && branches.every((branch) => branch.length > 0),
  };
}
