import { DEFAULTS } from './defaults.js';
import type { Platform } from './platform.js';

/** https://docs.moodle.org/en/LTI_and_Moodle */
export const moodle: Platform = {
  ...DEFAULTS,
  name: 'moodle',
  recognises: ({ product, authUrl }) =>
    product.toLowerCase() === 'moodle' || authUrl.endsWith('/mod/lti/auth.php'),
  configurationPaths: ['/mod/lti/openid-configuration.php'],
  groupVariables: ['Moodle.Person.userGroupIds'],
};
