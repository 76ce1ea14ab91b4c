import { viewModel } from '../../web/views.js';
import type { linkView, pickerView } from './launch.view.js';

/* What the templates of launches and Deep Linking print beyond their data. */

viewModel<ReturnType<typeof pickerView>>('launch/picker', ({ addresses, several, shelves }) => ({
  drafts: shelves.some(({ items }) => items.some(({ draft }) => draft)),
  leadKey: addresses ? 'leadAddresses' : several ? 'lead' : 'leadOne',
}));

viewModel<ReturnType<typeof linkView>>('launch/link', ({ items }) => ({
  shared: items.some(({ scoreMaximum }) => scoreMaximum !== null),
}));

viewModel<{ origins: readonly string[] }>('launch/kept', ({ origins }) => ({
  allOrigins: origins.join(' '),
}));
