import { DEFAULTS } from './defaults.js';
import type { Platform } from './platform.js';

/** Makes the platform for an LMS that is not recognised: it may be any of these under another name. */
export const genericOf = (known: readonly Platform[]): Platform => ({
  ...DEFAULTS,
  name: 'generic',
  recognises: () => true,
  configurationPaths: known.flatMap(({ configurationPaths }) => configurationPaths),
  isPassing: (answer) => known.some((platform) => platform.isPassing(answer)),
  refusesPerson: (answer) => known.some((platform) => platform.refusesPerson(answer)),
  groupVariables: known.flatMap(({ groupVariables }) => groupVariables),
});
