import { DEFAULTS } from './defaults.js';
import type { Platform } from './platform.js';

/** https://docs.moodle.org/en/LTI_and_Moodle */
export const moodle: Platform = {
  ...DEFAULTS,
  name: 'moodle',
  recognises: ({ product, authUrl }) =>
    product === '' ? authUrl.endsWith('/mod/lti/auth.php') : product.toLowerCase() === 'moodle',
  configurationPaths: ['/mod/lti/openid-configuration.php'],
  // A tool that has registered itself is in no course's activity chooser.
  offering: { picture: 'moodle-chooser', text: 'registration.done.chooserMoodle' },
  // A refusal whose status line cannot be written comes as 200; only its body gives it away.
  acceptsScore: (body) => body.trim() !== '[]',
  // A score for a teacher or for a person who is not, or no longer, in the course.
  refusesPerson: ({ status, body }) => status === 400 && body.trim() === '[]',
  groupVariables: ['Moodle.Person.userGroupIds'],
  // mod/lti/locallib.php, lti_build_custom_parameters: the instance's first, then the type's over them.
  toolParametersWin: true,
};
