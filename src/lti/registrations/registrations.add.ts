import { z } from 'zod';
import { badInput, DomainError } from '../../shared/errors.js';
import { cutText, oneLine } from '../../shared/lines.js';
import type { OwnParameter } from '../claims/own-parameters.js';
import { audienceOf } from './token-audience.js';
import type { RegistrationAddresses } from './registration-addresses.js';
import type { Registration, RegistrationsStore } from './registrations.store.js';

/** What an administrator gives to register a platform. */
export interface NewRegistration {
  readonly issuer: string;
  readonly clientId: string;
  readonly name?: string | undefined;
  /** `product_family_code` of the platform's configuration, where it was read. */
  readonly product?: string | undefined;
  readonly authUrl: string;
  readonly tokenUrl: string;
  /** See `Registration.tokenAudience`; undefined leaves the stored one. */
  readonly tokenAudience?: string | undefined;
  readonly jwksUrl: string;
  readonly deployments: readonly string[];
  readonly frameOrigins?: readonly string[] | undefined;
  /** Granted by the platform; null or undefined leaves the stored ones. */
  readonly scopes?: readonly string[] | null | undefined;
  /** Custom parameters that the platform keeps for this tool; undefined leaves the stored ones. */
  readonly ownParameters?: readonly OwnParameter[] | undefined;
  /** On the issuer's own host; '', null or undefined if unknown. */
  readonly configurationUrl?: string | null | undefined;
}

export interface RegistrationAdding {
  /**
   * Registers a platform, or updates and reactivates the registration of this issuer and client id; known
   * deployments and frame origins stay. Sends no requests.
   * @throws DomainError `bad-input` naming the field
   */
  add(fields: NewRegistration): Promise<Registration>;
  /**
   * Does the same for a platform that registers itself; its deployments may become known later.
   * @param state `active` if an administrator expects this issuer, else `pending`, which cannot replace an existing
   *   registration
   * @throws DomainError `bad-input` naming the field; `registration-exists` (409)
   */
  addFromPlatform(fields: NewRegistration, state: 'active' | 'pending'): Promise<Registration>;
}

export interface RegistrationAddingDeps {
  readonly store: RegistrationsStore;
  readonly addresses: RegistrationAddresses;
  /** Forgets what was read of registrations. */
  readonly clear: () => void;
  /** What a new registration does with unknown deployments. */
  readonly unknownDeployments: () => Promise<Registration['unknownDeployments']>;
}

const name = z.string().trim().min(1).max(255);

/**
 * Refuses an audience with which our token requests to this platform would be good at another one: it could send
 * them on there, for the client id would be the same.
 * @throws DomainError `bad-input` naming the field
 */
export async function checkAudience(
  store: Pick<RegistrationsStore, 'all'>,
  own: Pick<Registration, 'issuer' | 'clientId' | 'tokenUrl' | 'tokenAudience'>,
) {
  const taken = (await store.all()).some(
    (other) =>
      other.clientId === own.clientId &&
      other.issuer !== own.issuer &&
      other.tokenUrl !== own.tokenUrl &&
      audienceOf(other) === audienceOf(own),
  );
  if (taken) throw badInput({ tokenAudience: 'errors.field.wrong' });
}

export function createRegistrationAdding({
  store,
  addresses,
  clear,
  unknownDeployments,
}: RegistrationAddingDeps): RegistrationAdding {
  const { address, frameOrigin, configurationUrl } = addresses;

  async function save(
    fields: NewRegistration,
    stateAfter: (before: Registration | null) => Registration['state'],
  ): Promise<Registration> {
    const required = z.object({ issuer: name, clientId: name }).safeParse(fields);
    if (!required.success) {
      throw badInput({ [String(required.error.issues[0]?.path[0])]: 'errors.field.missing' });
    }
    const deployments = z.array(name).safeParse(fields.deployments);
    if (!deployments.success) throw badInput({ deployments: 'errors.field.missing' });
    const { issuer, clientId } = required.data;
    address('issuer', issuer);
    const before = await store.findOptional(issuer, clientId);
    const tokenUrl = address('tokenUrl', fields.tokenUrl);
    const tokenAudience = fields.tokenAudience?.trim() ?? before?.tokenAudience ?? '';
    await checkAudience(store, { issuer, clientId, tokenUrl, tokenAudience });
    const saved = await store.save(
      {
        issuer,
        clientId,
        name: cutText(oneLine(fields.name ?? before?.name ?? ''), 255),
        product: fields.product ?? before?.product ?? '',
        authUrl: address('authUrl', fields.authUrl),
        tokenUrl,
        tokenAudience,
        jwksUrl: address('jwksUrl', fields.jwksUrl),
        state: stateAfter(before),
        deployments: [...new Set([...(before?.deployments ?? []), ...deployments.data])],
        frameOrigins: [
          ...new Set([...(before?.frameOrigins ?? []), ...(fields.frameOrigins ?? []).map(frameOrigin)]),
        ],
        ownParameters: fields.ownParameters ?? before?.ownParameters ?? [],
        scopes: fields.scopes ?? before?.scopes ?? null,
        configurationUrl:
          configurationUrl(issuer, fields.configurationUrl) ?? before?.configurationUrl ?? null,
      },
      await unknownDeployments(),
    );
    clear();
    return saved;
  }

  return {
    async add(fields) {
      if (fields.deployments.length === 0) throw badInput({ deployments: 'errors.field.missing' });
      return save(fields, () => 'active');
    },
    addFromPlatform: (fields, state) =>
      save(fields, (before) => {
        if (state === 'pending' && (before?.state === 'active' || before?.state === 'disabled')) {
          throw new DomainError('registration-exists', 409);
        }
        return state;
      }),
  };
}
