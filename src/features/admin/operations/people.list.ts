import { defineList, textFilter } from '../../../infra/lists/index.js';
import { MAX_PAGES } from './people.service.js';

/** People of all platforms, found by the beginnings of their names. */
export const peopleList = defineList({
  filters: { q: textFilter({ label: 'admin.people.search' }) },
  mostPages: MAX_PAGES,
});
