import { originsOf, servicesOf, type Registered } from '../../lti/index.js';
import type { Asked, Offer } from './registration.service.js';

/** Custom parameters that tell of a person; the others tell of the course. */
const PERSONAL = ['middle_name', 'time_zone'];

/** What an administrator is shown before anything is changed. The tokens come back with the form. */
export const offerView = ({ platform, expected }: Offer, asked: Asked) => ({
  issuer: platform.issuer,
  product: [platform.product, platform.version].filter(Boolean).join(' '),
  expected,
  services: servicesOf(platform.scopes),
  messages: platform.messages,
  personal: ['name', ...PERSONAL.filter((name) => name in platform.custom)],
  asked,
});

export const doneView = ({ registration, withheld }: Registered) => ({
  issuer: registration.issuer,
  clientId: registration.clientId,
  deployments: registration.deployments,
  state: registration.state,
  withheld: servicesOf(withheld),
});

/** The LMS shows these pages in a window or a frame of its own. */
export const framesOf = ({ platform }: Offer): string[] =>
  originsOf({ issuer: platform.issuer, authUrl: platform.endpoints.authUrl, frameOrigins: [] });
