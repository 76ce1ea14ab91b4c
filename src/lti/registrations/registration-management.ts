import type { Outbound } from '../transport/outbound.js';
import { ask, type PlatformConfiguration, type PlatformConfigurations } from './platform-configuration.js';
import { refuse } from '../launch/refusal.js';
import { platformOf } from '../platforms/index.js';
import {
  isOwn,
  readRegistrationAnswer,
  type RegistrationAnswer,
} from '../dynamic-registration/registration-answer.js';
import type { RegistrationClient, RegistrationClientsStore } from './registration-clients.store.js';
import type { Registrations } from './registrations.js';
import type { Registration } from './registrations.store.js';
import {
  metadataDifferences,
  type MetadataDifference,
} from '../dynamic-registration/tool-metadata.differences.js';
import { toolMetadata, wantedOf, type ToolAddresses } from '../dynamic-registration/tool-metadata.js';

/**
 * Reads and changes the platform's registration of this tool, if the platform gave an address and a token for it.
 * https://openid.net/specs/openid-connect-registration-1_0.html#ClientConfigurationEndpoint https://www.rfc-editor.org/rfc/rfc7592
 */
export interface RegistrationManagement {
  /** Returns true if the platform lets this tool read and change its registration. */
  isOffered(registration: Registration): Promise<boolean>;
  /**
   * Returns the fields in which the platform's registration differs from the tool's metadata. Changes nothing.
   * @throws DomainError `lti-registration-unmanaged` (404); `lti-registration-platform` (400, 502);
   *   `lti-registration-refused` (502) with the platform's own words
   */
  compare(registration: Registration): Promise<MetadataDifference[]>;
  /**
   * Sends the tool's metadata and stores the granted scopes. Returns the differences that remain. Throws as `compare`.
   * https://www.rfc-editor.org/rfc/rfc7592#section-2.2
   */
  send(registration: Registration): Promise<{ registration: Registration; left: MetadataDifference[] }>;
}

export interface RegistrationManagementDeps extends ToolAddresses {
  readonly outbound: Outbound;
  readonly configurations: PlatformConfigurations;
  readonly registrations: Registrations;
  readonly clients: RegistrationClientsStore;
}

export function createRegistrationManagement(deps: RegistrationManagementDeps): RegistrationManagement {
  const { outbound, configurations, registrations, clients } = deps;

  async function exchange(
    registration: Registration,
    platform: PlatformConfiguration,
    { uri, token }: RegistrationClient,
    body?: object,
  ): Promise<RegistrationAnswer> {
    const response = await ask(outbound, {
      url: uri,
      method: body === undefined ? 'GET' : 'PUT',
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = readRegistrationAnswer(response, token);
    if (answer.clientId !== registration.clientId) {
      throw refuse('lti-registration-refused', 502, { client_id: answer.clientId });
    }
    // A new token or address replaces the previous one. https://www.rfc-editor.org/rfc/rfc7592#section-3
    const hosts = [platform.issuer, platform.registrationUrl ?? platform.issuer];
    if (answer.client !== null && isOwn(outbound, answer.client, hosts)) {
      await clients.save(registration.id, answer.client);
    }
    return answer;
  }

  async function begin(registration: Registration) {
    const client = await clients.findOptional(registration.id);
    if (client === null) throw refuse('lti-registration-unmanaged', 404);
    const { configurationUrl, issuer } = registration;
    const platform = await (configurationUrl === null
      ? configurations.find(issuer)
      : configurations.read(configurationUrl));
    if (platform.issuer !== issuer) {
      throw refuse('lti-registration-other-issuer', 409, { issuer: platform.issuer });
    }
    return { client, platform, ours: toolMetadata(deps, wantedOf(platform)) };
  }

  return {
    isOffered: ({ id }) => clients.has(id),
    async compare(registration) {
      const { client, platform, ours } = await begin(registration);
      const { metadata } = await exchange(registration, platform, client);
      return metadataDifferences(ours, metadata, platformOf(platform));
    },
    async send(before) {
      const { client, platform, ours } = await begin(before);
      const { clientId } = before;
      const answer = await exchange(before, platform, client, { client_id: clientId, ...ours });
      const { metadata, scopes } = answer;
      const registration = scopes === null ? before : await registrations.renew(before, { scopes });
      return { registration, left: metadataDifferences(ours, metadata, platformOf(platform)) };
    },
  };
}
