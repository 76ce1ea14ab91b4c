import { withoutQuery } from '../../shared/origins.js';
import type { Outbound } from '../transport/outbound.js';
import { ask, type PlatformConfigurations } from '../registrations/platform-configuration.js';
import { refuse } from '../launch/refusal.js';
import { OWN_PARAMETERS, type OwnParameter } from '../claims/own-parameters.js';
import { isOwn, readRegistrationAnswer, type RegistrationAnswer } from './registration-answer.js';
import type { RegistrationClientsStore } from '../registrations/registration-clients.store.js';
import type { Registrations } from '../registrations/registrations.js';
import type { Registration } from '../registrations/registrations.store.js';
import {
  TOOL_CONFIGURATION,
  toolMetadata,
  wantedOf,
  type ToolAddresses,
  type Wanted,
} from './tool-metadata.js';

/** Dynamic Registration 1.0, the tool's part. https://www.imsglobal.org/spec/lti-dr/v1p0 */

/** A platform that asks to be registered, and what this tool would request from it. */
export interface PlatformOffer extends Wanted {
  readonly issuer: string;
  /** `product_family_code`: what the platform calls its kind; may be empty. */
  readonly product: string;
  readonly version: string;
  readonly endpoints: {
    readonly configurationUrl: string;
    readonly authUrl: string;
    readonly tokenUrl: string;
    readonly tokenAudience: string;
    readonly jwksUrl: string;
    readonly registrationUrl: string;
  };
}

/** Result of a registration. */
export interface Registered {
  readonly registration: Registration;
  /** Scopes that were requested and not granted. */
  readonly withheld: readonly string[];
}

export interface DynamicRegistration {
  /**
   * Reads the platform's configuration.
   * https://www.imsglobal.org/spec/lti-dr/v1p0#lti-configuration
   * @param configurationUrl `openid_configuration` of the registration's initiation request
   * @throws DomainError `lti-registration-platform` (400, 502) naming what is wrong with the platform
   */
  look(configurationUrl: string): Promise<PlatformOffer>;
  /**
   * Registers this tool with the platform, and the platform here.
   * https://www.imsglobal.org/spec/lti-dr/v1p0#step-3-client-registration
   * @param token the platform's registration token; '' if it gave none
   * @param active true if launches are accepted at once, false if an administrator approves first
   * @throws DomainError `lti-registration-refused` (502) with the platform's own words
   */
  register(offer: PlatformOffer, token: string, active: boolean): Promise<Registered>;
  /**
   * Registers with the platform again and replaces a registration. People, courses, deployments and the administrator's
   * settings stay; addresses, granted scopes and the client id are the platform's new ones.
   * @throws DomainError as `register`; `lti-registration-other-issuer` (409) before any request;
   *   `registration-client-taken` (409) if another registration has the client id
   */
  renew(offer: PlatformOffer, token: string, registration: Registration): Promise<Registered>;
}

export interface DynamicRegistrationDeps extends ToolAddresses {
  readonly outbound: Outbound;
  readonly configurations: PlatformConfigurations;
  readonly registrations: Registrations;
  readonly clients: RegistrationClientsStore;
}

/** Returns the parameters that the platform keeps: those that it repeats, or all that it was asked for if it says nothing. */
function heldBy({ custom }: PlatformOffer, metadata: RegistrationAnswer['metadata']): OwnParameter[] {
  const tool = metadata[TOOL_CONFIGURATION] as { custom_parameters?: unknown } | undefined;
  const repeated = tool?.custom_parameters;
  const held = typeof repeated === 'object' && repeated !== null ? Object.keys(repeated) : null;
  return OWN_PARAMETERS.filter((name) => name in custom && (held?.includes(name) ?? true));
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
      const { url, issuer, product, version, registrationUrl } = found;
      const { authUrl, tokenUrl, tokenAudience, jwksUrl } = found;
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
        endpoints: { configurationUrl: url, authUrl, tokenUrl, tokenAudience, jwksUrl, registrationUrl },
      };
    },

    async register(offer, token, active) {
      const { clientId, deploymentId, scopes, client, metadata } = await send(offer, token);
      const registration = await registrations.addFromPlatform(
        {
          ...offer.endpoints,
          issuer: offer.issuer,
          clientId,
          name: offer.product,
          product: offer.product,
          deployments: deploymentId === null ? [] : [deploymentId],
          scopes,
          ownParameters: heldBy(offer, metadata),
        },
        active ? 'active' : 'pending',
      );
      const key = ours(offer, client);
      if (key !== null) await clients.save(registration.id, key);
      return { registration, withheld: withheld(offer, scopes) };
    },

    async renew(offer, token, before) {
      if (offer.issuer !== before.issuer) {
        throw refuse('lti-registration-other-issuer', 409, { issuer: offer.issuer });
      }
      const { clientId, deploymentId, scopes, client, metadata } = await send(offer, token);
      const { registrationUrl: _once, ...endpoints } = offer.endpoints;
      const registration = await registrations.renew(before, {
        ...endpoints,
        product: offer.product,
        clientId,
        scopes: scopes ?? before.scopes,
        ownParameters: heldBy(offer, metadata),
        deployment: deploymentId,
      });
      const key = ours(offer, client);
      if (key !== null) await clients.save(registration.id, key);
      // The stored token belongs to the old client id, which the platform no longer knows or soon will not.
      else if (clientId !== before.clientId) await clients.remove(registration.id);
      return { registration, withheld: withheld(offer, scopes) };
    },
  };
}
