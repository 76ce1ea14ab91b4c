import {
  choiceFilter,
  defineList,
  orderBy,
  textFilter,
  type SortValue,
  type Wanted,
} from '../../../infra/lists/index.js';
import { platformName, type Registration } from '../../../lti/index.js';
import { isFoundBy, nameWords } from '../../../shared/names.js';

const SORT_VALUES = {
  createdAt: ({ createdAt }: Registration): SortValue => createdAt,
  name: (platform: Registration): SortValue => platformName(platform),
};

/** The LMSs that may launch this tool. */
export const platformsList = defineList({
  filters: {
    q: textFilter({ label: 'admin.platforms.search' }),
    state: choiceFilter({
      label: 'admin.platforms.stateLabel',
      choices: ['active', 'pending', 'disabled'],
      text: (state) => `admin.platforms.state.${state}`,
    }),
  },
  sorts: { createdAt: { heading: 'admin.platforms.created' }, name: { heading: 'admin.platforms.name' } },
  order: 'createdAt',
});

type WantedPlatforms = Wanted<typeof platformsList.spec.filters, keyof typeof SORT_VALUES, never>;

export function chosenPlatforms(
  platforms: readonly Registration[],
  { filters, sort }: WantedPlatforms,
): Registration[] {
  const words = nameWords(filters.q ?? '');
  const chosen = platforms.filter(
    ({ name, issuer, clientId, state }) =>
      state === (filters.state ?? state) && isFoundBy(`${name} ${issuer} ${clientId}`, words),
  );
  return orderBy(chosen, SORT_VALUES[sort.key], sort.descending);
}
