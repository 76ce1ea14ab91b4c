export { isLongTable, readTable } from './read-table.js';
export { MOST_ROWS, parseTable } from './parse-table.js';
export { TableProblem, type Table, type TableFault, type TableRule } from './table.js';
