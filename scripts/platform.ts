/**
 * Registers LMS platforms from the terminal, while the server runs or not. Contacts nobody, unless asked to read a
 * platform's configuration.
 *
 *   npm run platform -- add --issuer … --client-id … --auth-url … --token-url … --jwks-url … --deployment …
 *   npm run platform -- add --configuration … --client-id … --deployment …
 *   npm run platform -- invite [--issuer … | --for …]
 *   npm run platform -- list | show | disable | enable | remove
 */
import { Command, Option } from 'commander';
import { loadConfig, ConfigError } from '../src/config.js';
import {
  createLti,
  isOwnParameter,
  OWN_PARAMETERS,
  platformName,
  type Lti,
  type NewRegistration,
  type Registration,
  type Registrations,
} from '../src/lti/index.js';
import { createCentre } from '../src/infra/settings/index.js';
import {
  createRegistration,
  type RegistrationFeature,
} from '../src/features/admin/platforms/registration/index.js';
import { createAudit, type AuditAction } from '../src/infra/audit/index.js';
import { loadSecret } from '../src/secret.js';
import { systemClock } from '../src/shared/clock.js';
import { badInput, DomainError } from '../src/shared/errors.js';
import { createSealer } from '../src/shared/sealing.js';
import { openStorage, StorageError } from '../src/storage/index.js';
import { TERMINAL } from './terminal.js';

interface Which {
  readonly issuer: string;
  readonly clientId?: string;
  readonly json?: boolean;
}

type Described = Pick<
  NewRegistration,
  'issuer' | 'authUrl' | 'tokenUrl' | 'tokenAudience' | 'jwksUrl' | 'configurationUrl'
>;

interface Adding extends Partial<Described> {
  readonly configuration?: string;
  readonly clientId: string;
  readonly json?: boolean;
  readonly deployment: string[];
  readonly frameOrigin: string[];
  readonly name?: string;
  readonly ownParameter?: string[];
}

/** What is wrong, in the words of the options. */
const PROBLEMS: Readonly<Record<string, string>> = {
  'registration-not-found': 'no such platform is registered (see: npm run platform -- list)',
  'lti-registration-platform': '--configuration: it cannot be read, or is faulty',
  'registration-ambiguous': '--client-id: this issuer has several; say which',
  'errors.field.missing': 'is missing or empty',
  'errors.field.httpsAddress':
    'must be an address that begins with https:// (ALLOW_PRIVATE_NETWORK=1 allows http://)',
  'errors.field.wrong': 'must be one origin, such as https://school.example.org',
  'errors.field.privateAddress': 'is a private or loopback address (ALLOW_PRIVATE_NETWORK=1 allows it)',
};

const OPTIONS: Readonly<Record<string, string>> = {
  issuer: '--issuer',
  clientId: '--client-id',
  authUrl: '--auth-url',
  tokenUrl: '--token-url',
  jwksUrl: '--jwks-url',
  deployments: '--deployment',
  frameOrigins: '--frame-origin',
};

interface Features {
  readonly lti: Lti;
  readonly registrations: Registrations;
  readonly registration: RegistrationFeature;
  /** In the audit log, beside what is done on the web. */
  readonly note: (action: AuditAction, of: Pick<Registration, 'id' | 'name' | 'issuer'>) => Promise<void>;
}

async function withFeatures<Result>(act: (features: Features) => Promise<Result>): Promise<Result> {
  const config = loadConfig();
  const storage = await openStorage({ url: config.databaseUrl, clock: systemClock });
  try {
    const sealer = createSealer(await loadSecret(config));
    const centre = createCentre({ storage, clock: systemClock });
    const lti = createLti({
      ...config,
      storage,
      clock: systemClock,
      sealer,
      unknownDeployments: async () => (await centre.now()).unknownDeployments,
    });
    const audit = createAudit({ storage, clock: systemClock });
    const registration = createRegistration({ ...config, storage, clock: systemClock, lti, audit });
    await storage.ensureIndexes();
    const result = await act({
      lti,
      registrations: lti.registrations,
      registration,
      note: (action, item) =>
        audit.append({
          actor: TERMINAL,
          action,
          subject: { kind: 'platform', id: item.id, name: platformName(item) },
        }),
    });
    await lti.close();
    return result;
  } finally {
    await storage.close();
  }
}

const withRegistrations = <Result>(act: (registrations: Registrations) => Promise<Result>): Promise<Result> =>
  withFeatures(({ registrations }) => act(registrations));

const line = (registration: Registration): string =>
  [
    registration.state.padEnd(8),
    registration.issuer,
    registration.clientId,
    registration.deployments.join(','),
    registration.name,
  ]
    .join('  ')
    .trimEnd();

function print(found: Registration | Registration[], json: boolean | undefined): void {
  if (json === true) console.log(JSON.stringify(found, null, 2));
  else if (Array.isArray(found))
    console.log(found.length === 0 ? 'no platforms' : found.map(line).join('\n'));
  else for (const [name, value] of Object.entries(found)) console.log(`${name.padEnd(14)}${String(value)}`);
}

/** Addresses as they were given, or as the platform's configuration has them. */
async function described(lti: Lti, given: Adding): Promise<Described & { readonly name?: string }> {
  if (given.configuration !== undefined) {
    const {
      url: configurationUrl,
      product: name,
      ...found
    } = await lti.findConfiguration(given.configuration);
    return { ...found, name, configurationUrl };
  }
  const { issuer, authUrl, tokenUrl, tokenAudience, jwksUrl } = given;
  for (const [field, value] of Object.entries({ issuer, authUrl, tokenUrl, jwksUrl })) {
    if (value === undefined) throw badInput({ [field]: 'errors.field.missing' });
  }
  return { issuer, authUrl, tokenUrl, tokenAudience, jwksUrl } as Described;
}

const several = (value: string, before: string[]): string[] => [...before, value];

const program = new Command('platform').description('LMS platforms that may launch this tool');

program
  .command('add')
  .description('register a platform; adding it again updates it and keeps its deployments')
  .addOption(
    new Option(
      '--configuration <url>',
      'openid-configuration of the platform, or its issuer: read, in place of the four below',
    ).conflicts(['issuer', 'authUrl', 'tokenUrl', 'jwksUrl']),
  )
  .option('--issuer <issuer>', 'platform id, `iss` of its tokens')
  .option('--auth-url <url>', 'authentication request URL')
  .option('--token-url <url>', 'access token URL')
  .option('--token-audience <text>', 'authorization server, if the platform names one')
  .option('--jwks-url <url>', 'public keyset URL')
  .requiredOption('--client-id <id>', 'client id that the platform gave this tool')
  .option('--deployment <id>', 'deployment id; may be repeated', several, [])
  .option('--frame-origin <origin>', 'further origin that frames the tool; may be repeated', several, [])
  .option('--name <name>', 'what to call it')
  .addOption(
    new Option(
      '--own-parameter <name...>',
      'custom parameters that stand in the tool’s own settings in the platform',
    ).choices([...OWN_PARAMETERS]),
  )
  .option('--json', 'print JSON')
  .action(async (given: Adding) => {
    const added = await withFeatures(async ({ lti, registrations, note }) => {
      const { clientId, name, deployment: deployments, frameOrigin: frameOrigins } = given;
      const platform = await described(lti, given);
      const known = (await registrations.list()).some(
        (registration) => registration.issuer === platform.issuer && registration.clientId === clientId,
      );
      const item = await registrations.add({
        ...platform,
        clientId,
        deployments,
        frameOrigins,
        ownParameters: given.ownParameter?.filter(isOwnParameter),
        // A name given earlier stays.
        name: name ?? (known ? undefined : platform.name),
      });
      await note('platform-added', item);
      return item;
    });
    print(added, given.json);
  });

program
  .command('invite')
  .description('make a link by which a platform registers itself, once, within 24 hours')
  .option('--issuer <issuer>', 'the platform that is expected; it may launch at once, any other is pending')
  .addOption(
    new Option(
      '--for <id>',
      'the platform that is registered already and renews itself by the link (see: show)',
    ).conflicts('issuer'),
  )
  .option('--json', 'print JSON')
  .action(async ({ issuer = '', for: id, json }: { issuer?: string; for?: string; json?: boolean }) => {
    const invitation = await withFeatures(async ({ registrations, registration, note }) => {
      if (id !== undefined) {
        const renewed = (await registrations.list()).find((known) => known.id === id);
        if (renewed === undefined) throw new DomainError('registration-not-found', 404);
        await note('platform-invited', renewed);
        return registration.inviteToRenew(renewed);
      }
      const made = await registration.invite(issuer);
      await note('platform-invited', { id: '', name: '', issuer });
      return made;
    });
    console.log(json === true ? JSON.stringify(invitation, null, 2) : invitation.url);
  });

program
  .command('list')
  .option('--json', 'print JSON')
  .action(async ({ json }: { json?: boolean }) => {
    print(await withRegistrations((registrations) => registrations.list()), json);
  });

const pick = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .requiredOption('--issuer <issuer>', 'platform id')
    .option('--client-id <id>', 'needed where the issuer has several')
    .option('--json', 'print JSON');

pick('show', 'print one platform').action(async ({ issuer, clientId, json }: Which) => {
  print(await withRegistrations((registrations) => registrations.find(issuer, clientId)), json);
});

const DONE = { active: 'enabled', disabled: 'disabled', removed: 'removed' } as const;

for (const [name, state, description] of [
  ['disable', 'disabled', 'refuse its launches and end its sessions; nothing is deleted'],
  ['enable', 'active', 'allow its launches, for the first time or again'],
  [
    'remove',
    'removed',
    'forget the registration; its people and their work stay, for when it is added again',
  ],
] as const) {
  pick(name, description).action(async ({ issuer, clientId, json }: Which) => {
    const changed = await withFeatures(async ({ registrations, note }) => {
      const after = await registrations.setState((await registrations.find(issuer, clientId)).id, state);
      await note(`platform-${DONE[state]}`, after);
      return after;
    });
    print(changed, json);
  });
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof DomainError) {
    const fields = Object.entries(error.details.fields ?? {});
    for (const [field, key] of fields)
      console.error(`${OPTIONS[field] ?? field}: ${PROBLEMS[key] ?? 'is wrong'}`);
    const received = Object.entries(error.details.received ?? {}).map((pair) => pair.join(' '));
    if (fields.length === 0) console.error([PROBLEMS[error.code] ?? error.code, ...received].join('; '));
  } else if (error instanceof ConfigError || error instanceof StorageError) {
    console.error(error.message);
  } else {
    throw error;
  }
  process.exitCode = 1;
}
