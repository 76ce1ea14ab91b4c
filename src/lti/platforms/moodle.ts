import { DEFAULTS } from './defaults.js';
import type { Platform } from './platform.js';

/** https://docs.moodle.org/en/LTI_and_Moodle */
export const moodle: Platform = {
  ...DEFAULTS,
  name: 'moodle',
  recognises: ({ product, authUrl }) =>
    product === '' ? authUrl.endsWith('/mod/lti/auth.php') : product.toLowerCase() === 'moodle',
  configurationPaths: ['/mod/lti/openid-configuration.php'],
  groupVariables: ['Moodle.Person.userGroupIds'],
  // mod/lti/locallib.php, lti_build_custom_parameters: the instance's first, then the type's over them.
  toolParametersWin: true,
};
