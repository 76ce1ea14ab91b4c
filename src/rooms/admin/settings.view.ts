import type { Registration } from '../../lti/index.js';
import type { FormAgain } from '../../web/form.js';
import type { Settings } from '../centre/index.js';

/** The settings' fields as their form carries them. */
export const settingsValues = (one: Settings) => ({
  nameRu: one.names.ru,
  nameEn: one.names.en,
  site: one.site,
  zone: one.zone,
  locale: one.locale,
  unknownDeployments: one.unknownDeployments,
  rosterHours: one.rosterHours === null ? '' : String(one.rosterHours),
});

const ZONES = Intl.supportedValuesOf('timeZone');

/** @param current stands in the list even if it goes by an older name */
export const zones = (current: string): readonly string[] => [...new Set([...ZONES, 'UTC', current])].sort();

/** @param sent what was ticked when the form comes back */
export const admittedView = (
  {
    platforms,
    version,
  }: {
    readonly version: string;
    readonly platforms: readonly { readonly platform: Registration; readonly admitted: boolean }[];
  },
  sent?: FormAgain['values'],
) => ({
  version,
  platforms: platforms.map(({ platform: { id, name, issuer, clientId, jwksUrl, state }, admitted }) => ({
    id,
    name: name === '' ? issuer : name,
    issuer,
    clientId,
    jwksUrl,
    state,
    admitted,
    ticked: sent === undefined ? admitted : [sent.platform ?? []].flat().includes(id),
  })),
});
