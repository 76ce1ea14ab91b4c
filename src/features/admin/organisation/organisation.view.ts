import type { Translate } from '../../../i18n/index.js';
import { viewModel } from '../../../web/views.js';
import { termLine } from '../../directory/index.js';
import type { OrganisationPage } from './organisation.service.js';

interface Given {
  readonly t: Translate;
  readonly posts: OrganisationPage['posts'];
}

/** Posts with their holders, and from when to when they hold them. */
viewModel<Given>('admin/organisation', ({ t, posts }) => ({
  postRows: posts.map((row) => ({
    ...row,
    holders: row.holders.map((holder) => ({ ...holder, term: termLine(t, holder) })),
  })),
}));
