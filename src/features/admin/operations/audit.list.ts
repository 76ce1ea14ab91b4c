import { ACTIONS, MAX_PAGES } from '../../../infra/audit/index.js';
import { choiceFilter, defineList, rangeFilter } from '../../../infra/lists/index.js';

/** What was done, newest first. */
export const auditList = defineList({
  filters: {
    action: choiceFilter({
      label: 'admin.audit.what',
      choices: ACTIONS,
      text: (action) => `admin.audit.action.${action}`,
    }),
    at: rangeFilter({ label: 'admin.audit.when' }),
  },
  mostPages: MAX_PAGES,
});
