/**
 * What `npm test` runs: all tests that need neither a browser nor MongoDB, in two processes. Where scripts/test.ts has
 * built them they come from there, as sources by tsx otherwise.
 */
const { readdirSync } = require('node:fs');
const path = require('node:path');
const process = require('node:process');

const TESTS = path.resolve(module.path, '..');
const ELSEWHERE = /^(e2e|mongodb)\//;

/** The files that take longest: they begin, so that no process works alone at the end. */
const LONGEST = [
  'flows/attacks',
  'processes/platform',
  'lti/attacks',
  'processes/main',
  'story',
  'processes/killed',
  'demo',
  'features/admin/terminal',
  'flows/crawl',
  'features/gradebook/lineitems',
  'storage/large-aggregations',
  'storage/tools/transfer',
  'storage/tools/backup',
].map((name) => `${name}.test.ts`);

const order = (file) => (LONGEST.includes(file) ? LONGEST.indexOf(file) : LONGEST.length);

const usual = require('../../.mocharc.json');

/** Set by scripts/built.ts. */
const built = process.env.NASTAVNIK_BUILT;
const asBuilt = built !== undefined && {
  'node-option': ['enable-source-maps', 'max-semi-space-size=64'],
  extension: ['js'],
  require: [path.join(built, 'test/support/setup.js')],
};
const fileOf = (file) =>
  built === undefined ? path.join(TESTS, file) : path.join(built, 'test', file.replace(/\.ts$/, '.js'));

module.exports = {
  ...usual,
  ...asBuilt,
  parallel: true,
  jobs: 2,
  spec: readdirSync(TESTS, { recursive: true })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => file.endsWith('.test.ts') && !ELSEWHERE.test(file))
    .sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1))
    .map(fileOf),
};
