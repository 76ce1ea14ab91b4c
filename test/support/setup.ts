/** Loaded by mocha before the tests (.mocharc.json). */
import { buildScripts } from '../../scripts/built.js';

/** Runs once, before the first file, also where files run in several processes. */
export const mochaGlobalSetup = (): Promise<void> => buildScripts();
