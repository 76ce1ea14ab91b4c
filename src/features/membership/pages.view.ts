import type { Translate } from '../../i18n/index.js';
import { viewModel } from '../../web/views.js';
import type { rosterView } from './roster.view.js';

/* What the page of participants prints beyond its data. */

type Given = ReturnType<typeof rosterView> & { readonly t: Translate };

viewModel<Given>('roster/course', ({ t, groups, participants }) => {
  const labelled = groups.map(({ id, name, set, size }) => ({
    id,
    set,
    size,
    label: name || t('roster.group.nameless', { id: id.length > 12 ? `${id.slice(0, 8)}…` : id }),
  }));
  return {
    groupSets: [...new Set(labelled.map(({ set }) => set))].map((title) => ({
      title,
      groups: labelled.filter(({ set }) => set === title),
    })),
    rows: participants.map((participant) => ({
      ...participant,
      groupNames: labelled.filter(({ id }) => participant.groups.includes(id)).map(({ label }) => label),
    })),
  };
});
