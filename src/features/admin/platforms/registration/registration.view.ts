import {
  offeringStep,
  originsOf,
  platformName,
  servicesOf,
  type Registered,
  type Registration,
} from '../../../../lti/index.js';
import type { Asked, Offer } from './registration.service.js';

/** Custom parameters that tell of a person; the others tell of the course. */
const PERSONAL = ['middle_name', 'time_zone', 'groups'];

const ADDRESSES = ['authUrl', 'tokenUrl', 'jwksUrl'] as const;

/** What is now, and what will be: all addresses, so that those that stay are seen to stay. */
const renewalView = (before: Registration, { platform }: Offer) => ({
  name: platformName(before),
  clientId: before.clientId,
  addresses: ADDRESSES.map((field) => ({ field, now: before[field], then: platform.endpoints[field] })),
  /** Then courses of a new client id start empty: it is not known which one they replace. */
  several: before.deployments.filter((deployment) => !before.successor?.of.includes(deployment)).length > 1,
  /** Null where it was never told. */
  services: before.scopes && servicesOf(before.scopes),
});

/** What an administrator is shown before anything is changed. The tokens come back with the form. */
export const offerView = (offer: Offer, asked: Asked) => {
  const { platform, expected, before, version } = offer;
  return {
    issuer: platform.issuer,
    product: [platform.product, platform.version].filter(Boolean).join(' '),
    expected,
    services: servicesOf(platform.scopes),
    messages: platform.messages,
    personal: ['name', ...PERSONAL.filter((name) => name in platform.custom)],
    renewal: before && renewalView(before, offer),
    asked: { ...asked, seen: version },
  };
};

export const doneView = ({ registration, withheld, before }: Offer & Registered) => ({
  issuer: registration.issuer,
  clientId: registration.clientId,
  /** The client id that no longer opens anything; null where it stays, or there was none. */
  formerClientId: before !== null && before.clientId !== registration.clientId ? before.clientId : null,
  renewed: before !== null,
  deployments: registration.deployments,
  state: registration.state,
  withheld: servicesOf(withheld),
  offering: before === null ? offeringStep(registration) : null,
});

/** The LMS shows these pages in a window or a frame of its own. */
export const framesOf = ({ platform }: Offer): readonly string[] =>
  originsOf({ issuer: platform.issuer, authUrl: platform.endpoints.authUrl, frameOrigins: [] });
