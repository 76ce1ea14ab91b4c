/** What `npm test` runs: all tests that need neither a browser nor MongoDB, in two processes. */
const { readdirSync } = require('node:fs');
const path = require('node:path');

const TESTS = path.resolve(module.path, '..');
const ELSEWHERE = /^(e2e|mongodb)\//;

/** The files that take longest: they begin, so that no process works alone at the end. */
const LONGEST = [
  'flows/attacks',
  'processes/main',
  'processes/platform',
  'storage/tools/backup',
  'story',
  'demo',
  'features/admin/terminal',
  'processes/killed',
  'features/gradebook/lineitems',
  'storage/tools/transfer',
  'lti/attacks',
  'storage/large-aggregations',
  'flows/crawl',
].map((name) => `${name}.test.ts`);

const order = (file) => (LONGEST.includes(file) ? LONGEST.indexOf(file) : LONGEST.length);

module.exports = {
  ...require('../../.mocharc.json'),
  parallel: true,
  jobs: 2,
  spec: readdirSync(TESTS, { recursive: true })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => file.endsWith('.test.ts') && !ELSEWHERE.test(file))
    .sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1))
    .map((file) => path.join(TESTS, file)),
};
