import { platformName, type Registration } from '../../../lti/index.js';
import type { FormAgain } from '../../../web/form.js';

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
    name: platformName({ name, issuer }),
    issuer,
    clientId,
    jwksUrl,
    state,
    admitted,
    ticked: sent === undefined ? admitted : [sent.platform ?? []].flat().includes(id),
  })),
});
