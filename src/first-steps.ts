import type { ConsultationsFeature } from './features/consultations/index.js';
import { POSTS, type DirectoryFeature } from './features/directory/index.js';
import type { CentreSettings } from './infra/settings/index.js';
import type { Lti } from './lti/index.js';
import type { Registry } from './shared/registry.js';
import type { FirstStep } from './web/admin-sections.js';

export interface FirstStepsDeps {
  readonly centre: Pick<CentreSettings, 'now'>;
  readonly lti: Pick<Lti, 'registrations'>;
  readonly directory: Pick<DirectoryFeature, 'countPublicCards' | 'organisation' | 'site'>;
  readonly consultations: Pick<ConsultationsFeature, 'anySeries'>;
}

/** What an administrator does on the first day, in that order. The list goes when all is done. */
export function addFirstSteps(steps: Pick<Registry<FirstStep>, 'add'>, deps: FirstStepsDeps): void {
  const { centre, lti, directory, consultations } = deps;
  steps.add({
    name: 'centre',
    href: '/admin/settings',
    isDone: async () => (await centre.now()).nameRu !== '' || (await centre.now()).nameEn !== '',
  });
  steps.add({
    name: 'platform',
    href: '/admin/platforms/new',
    isDone: async () => (await lti.registrations.list()).some(({ state }) => state === 'active'),
  });
  steps.add({
    name: 'cards',
    href: '/admin/directory/teachers',
    isDone: async () => (await directory.countPublicCards()) > 0,
  });
  steps.add({
    name: 'posts',
    href: '/admin/organisation',
    isDone: async () => (await directory.organisation.holdersOf(POSTS)).length > 0,
  });
  steps.add({
    name: 'channels',
    href: '/admin/directory/site',
    isDone: async () => (await directory.site.find()).contacts.length > 0,
  });
  steps.add({ name: 'series', href: '/admin/platforms', isDone: () => consultations.anySeries() });
}
