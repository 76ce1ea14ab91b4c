/**
 * How a formula stands in a text that people type. One rule for all texts of the tool:
 *
 *   $$…$$ and \[…\]   a formula on a line of its own
 *   $…$ and \(…\)     a formula in the line
 *
 * A single dollar begins a formula only if no space follows it, and ends one only if no space stands before it and no
 * digit after it: “$5 and $6” is money. Four groups in this order: dollars, brackets, parentheses, dollar.
 */
export const FORMULA =
  /\$\$([^$]+?)\$\$|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|\$(?![\s$])([^$\n]+?)(?<!\s)\$(?!\d)/.source;

/** Longer ones are shown as they were typed. */
export const LONGEST_FORMULA = 2_000;
