export { readTable, MOST_ROWS, type Table } from './read-table.js';
