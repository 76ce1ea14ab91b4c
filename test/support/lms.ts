/** The demo LMS for tests: started in-process on a free port, driven by its control object. */
import {
  createDemoLms,
  newSigningKey,
  type DemoLms,
  type DemoLmsOptions,
} from '../../scripts/demo-lms/index.js';

export { createDemoLms, type DemoLms } from '../../scripts/demo-lms/index.js';
export { Browser, type BrowserOptions, type BrowserResponse } from '../../scripts/demo-lms/browser.js';
export {
  FIXTURES,
  fixture,
  fixtureClaims,
  type Claims,
  type Fixture,
  type FixtureName,
} from './lms/fixtures.js';
export {
  launch,
  launchLink,
  launchReview,
  launchSelection,
  returnSelection,
  type LaunchOptions,
  type LaunchResult,
  type LinkLaunch,
  type TokenOnTheWay,
} from './lms/launch.js';

// One pair serves every platform of a test run: making one takes a tenth of a second.
let sharedKey: ReturnType<typeof newSigningKey> | undefined;

/** Starts an LMS on a free port of 127.0.0.1. Close it in `after`. */
export async function startLms(options: DemoLmsOptions = {}): Promise<DemoLms> {
  sharedKey ??= newSigningKey();
  const lms = createDemoLms({ keys: [sharedKey], ...options });
  await lms.listen();
  return lms;
}
