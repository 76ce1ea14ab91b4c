import type { Translate } from '../../../i18n/index.js';
import { viewModel } from '../../../web/views.js';

interface GroupFormGiven {
  readonly t: Translate;
  readonly values: { readonly lmsGroup?: unknown };
  readonly lmsGroups: readonly { readonly key: string; readonly name: string; readonly course: string }[];
}

viewModel<GroupFormGiven>('directory/group-form', ({ t, values, lmsGroups }) => {
  const { lmsGroup } = values;
  const isGone =
    typeof lmsGroup === 'string' && lmsGroup !== '' && !lmsGroups.some(({ key }) => key === lmsGroup);
  return {
    lmsGroupOptions: [
      ['', t('directory.group.noLmsGroup')],
      ...(isGone ? [[lmsGroup, t('directory.group.lmsGroupGone')]] : []),
      ...lmsGroups.map(({ key, name, course }) => [key, `${name} · ${course}`]),
    ],
  };
});
