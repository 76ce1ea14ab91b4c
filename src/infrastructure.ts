import { createLti } from './lti/index.js';
import { createAudit } from './infra/audit/index.js';
import { createCentre } from './infra/settings/index.js';
import { createEvents } from './infra/events/index.js';
import { createExports } from './infra/export/index.js';
import { createFiles, scheduleSweep } from './infra/files/index.js';
import { createJobs } from './infra/jobs/index.js';
import { createMail, createMailQueue } from './infra/mail/index.js';
import { translator } from './i18n/index.js';
import type { ContentKind } from './shared/content.js';
import { createRegistry } from './shared/registry.js';
import { createSealer, signingKey } from './shared/sealing.js';
import type { AppDeps } from './app.js';
import { centreName } from './web/context.js';
import { createPassport } from './web/session.js';

/** What every feature may use and none owns, and what of the configuration a feature needs. */
export type Infrastructure = ReturnType<typeof createInfrastructure>;

export function createInfrastructure({ config, secret, storage, clock, log }: AppDeps) {
  const sealer = createSealer(secret);
  const centre = createCentre({ storage, clock });
  const jobs = createJobs({ storage, clock, log });
  const events = createEvents({ storage, jobs, clock, log });
  const lti = createLti({
    ...config,
    storage,
    clock,
    sealer,
    unknownDeployments: async () => (await centre.now()).unknownDeployments,
  });
  const mail = createMail({
    storage,
    publicUrl: config.publicUrl,
    settings: config.mail,
    key: signingKey(secret, 'return-addresses'),
    sender: async (locale) =>
      centreName({ centre: await centre.now(), locale }) || translator(locale)('common.product'),
  });
  const files = createFiles({ storage, clock, log, settings: config.files });
  scheduleSweep(jobs, files, log);
  return {
    storage,
    clock,
    log,
    secret,
    sealer,
    centre,
    jobs,
    events,
    lti,
    mail,
    mailQueue: createMailQueue(mail, jobs),
    files,
    exports: createExports({ connection: storage.connection, jobs, files, clock }),
    audit: createAudit({ storage, clock }),
    authenticator: createPassport(),
    /** Of what a teacher can place into an LMS course; features add theirs. */
    kinds: createRegistry<ContentKind>(),
    publicUrl: config.publicUrl,
    allowPrivateNetwork: config.allowPrivateNetwork,
    locale: async () => (await centre.now()).locale,
    zone: async () => (await centre.now()).zone,
  };
}
