export { unlessTaken } from '../../../storage/index.js';
