import { withoutQuery } from '../../shared/origins.js';
import type { Outbound } from '../transport/outbound.js';
import { ask, type PlatformConfigurations } from '../registrations/platform-configuration.js';
import { refuse } from '../launch/refusal.js';
import { isOwn, readRegistrationAnswer, type RegistrationAnswer } from './registration-answer.js';
import type { RegistrationClientsStore } from '../registrations/registration-clients.store.js';
import type { Registrations } from '../registrations/registrations.js';
import type { Registration } from '../registrations/registrations.store.js';
import { toolMetadata, wantedOf, type ToolAddresses, type Wanted } from './tool-metadata.js';

/** Dynamic Registration 1.0, from the tool's side. */

/** Who asks to be registered, and what we would ask of it. */
export interface PlatformOffer extends Wanted {
  readonly issuer: string;
  /** `product_family_code`: what the platform calls its kind; may be empty. */
  readonly product: string;
  readonly version: string;
  readonly endpoints: {
    readonly configurationUrl: string;
    readonly authUrl: string;
    readonly tokenUrl: string;
    readonly jwksUrl: string;
    readonly registrationUrl: string;
  };
}

/** What came of it. */
export interface Registered {
  readonly registration: Registration;
  /** Scopes that were asked for and not granted. */
  readonly withheld: readonly string[];
}

export interface DynamicRegistration {
  /**
   * Asks a platform who it is (section 3.3).
   * @param configurationUrl `openid_configuration` as the platform's browser brought it
   * @throws DomainError `lti-registration-platform` (400, 502) saying what is wrong with the platform
   */
  look(configurationUrl: string): Promise<PlatformOffer>;
  /**
   * Registers with the platform, and the platform here (sections 3.5, 3.6).
   * @param token the platform's registration token; '' where it gave none
   * @param active whether launches may come at once, or an administrator is to approve first
   * @throws DomainError `lti-registration-refused` (502) with the platform's own words
   */
  register(offer: PlatformOffer, token: string, active: boolean): Promise<Registered>;
  /**
   * Registers with the platform once more, in the place of what is registered here: people, courses, deployments and
   * the administrator's settings stay, addresses and granted services are the new ones, and the client id is
   * whichever the platform gives.
   * @throws DomainError as `register`; `lti-registration-other-issuer` (409) before anybody is asked;
   *   `registration-client-taken` (409) where the client id is another registration's
   */
  renew(offer: PlatformOffer, token: string, registration: Registration): Promise<Registered>;
}

export interface DynamicRegistrationDeps extends ToolAddresses {
  readonly outbound: Outbound;
  readonly configurations: PlatformConfigurations;
  readonly registrations: Registrations;
  readonly clients: RegistrationClientsStore;
}

export function createDynamicRegistration(deps: DynamicRegistrationDeps): DynamicRegistration {
  const { outbound, configurations, registrations, clients } = deps;

  async function send(offer: PlatformOffer, token: string): Promise<RegistrationAnswer> {
    const response = await ask(outbound, {
      url: offer.endpoints.registrationUrl,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(token !== '' && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(toolMetadata(deps, offer)),
    });
    return readRegistrationAnswer(response, token);
  }

  const ours = ({ issuer, endpoints }: PlatformOffer, client: RegistrationAnswer['client']) =>
    client !== null && isOwn(outbound, client, [issuer, endpoints.registrationUrl]) ? client : null;

  const withheld = ({ scopes }: PlatformOffer, granted: RegistrationAnswer['scopes']): string[] =>
    granted === null ? [] : scopes.filter((scope) => !granted.includes(scope));

  return {
    async look(configurationUrl) {
      const found = await configurations.read(configurationUrl);
      const { url, issuer, product, version, authUrl, tokenUrl, jwksUrl, registrationUrl } = found;
      if (registrationUrl === null) {
        throw refuse('lti-registration-platform', 502, {
          url: withoutQuery(url),
          field: 'registration_endpoint',
        });
      }
      return {
        ...wantedOf(found),
        issuer,
        product,
        version,
        endpoints: { configurationUrl: url, authUrl, tokenUrl, jwksUrl, registrationUrl },
      };
    },

    async register(offer, token, active) {
      const { clientId, deploymentId, scopes, client } = await send(offer, token);
      const registration = await registrations.introduce(
        {
          ...offer.endpoints,
          issuer: offer.issuer,
          clientId,
          name: offer.product,
          product: offer.product,
          deployments: deploymentId === null ? [] : [deploymentId],
          scopes,
        },
        active ? 'active' : 'pending',
      );
      const key = ours(offer, client);
      if (key !== null) await clients.keep(registration.id, key);
      return { registration, withheld: withheld(offer, scopes) };
    },

    async renew(offer, token, before) {
      if (offer.issuer !== before.issuer) {
        throw refuse('lti-registration-other-issuer', 409, { issuer: offer.issuer });
      }
      const { clientId, deploymentId, scopes, client } = await send(offer, token);
      const { registrationUrl: _once, ...endpoints } = offer.endpoints;
      const registration = await registrations.renew(before, {
        ...endpoints,
        product: offer.product,
        clientId,
        scopes: scopes ?? before.scopes,
        deployment: deploymentId,
      });
      const key = ours(offer, client);
      if (key !== null) await clients.keep(registration.id, key);
      // What was kept opens what the platform has forgotten, or will.
      else if (clientId !== before.clientId) await clients.forget(registration.id);
      return { registration, withheld: withheld(offer, scopes) };
    },
  };
}
