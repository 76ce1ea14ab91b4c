import type { Request } from 'express';
import { listView, pageOf } from '../../../infra/lists/index.js';
import { platformName, type Registration } from '../../../lti/index.js';
import { ROLES } from '../../../shared/roles.js';
import type { FormAgain } from '../../../web/form.js';
import type { Page } from '../../../web/present.js';
import { chosenPlatforms, platformsList } from './platforms.list.js';
import { rolesVersionOf, versionOf, type PlatformsService } from './platforms.service.js';
import {
  editValues,
  parametersView,
  platformView,
  rolesView,
  unknownDeploymentView,
  type DescribedView,
  type HeldView,
  type OurValues,
  type RefusalView,
  type ReportView,
} from './platforms.view.js';
import type { RegisteringService } from './platform-registration.service.js';

/** What was just found out of a platform, and is shown above all that is known of it. */
export interface Findings {
  readonly report?: ReportView;
  readonly held?: HeldView;
  readonly refusal?: RefusalView;
}

export interface PlatformPagesDeps {
  readonly platforms: Pick<PlatformsService, 'list' | 'unknownDeployments'>;
  readonly registering: Pick<RegisteringService, 'isManaged'>;
  readonly ours: OurValues;
}

/** Pages of `/admin/platforms` that more than one route shows. */
export interface PlatformPages {
  list(req: Request): Promise<Page>;
  /** @param described what the platform said of itself, to be looked through; or why it could not */
  draft(
    req: Request,
    again?: Partial<FormAgain>,
    described?: { found?: DescribedView; refusal?: RefusalView },
  ): Page;
  edit(req: Request, platform: Registration, again?: FormAgain): Page;
  roles(req: Request, platform: Registration, again?: FormAgain): Page;
  platform(platform: Registration, findings?: Findings): Promise<Page>;
}

export function createPlatformPages({ platforms, registering, ours }: PlatformPagesDeps): PlatformPages {
  return {
    async list(req: Request): Promise<Page> {
      const wanted = platformsList.parse(req.query, req.page);
      const chosen = chosenPlatforms(await platforms.list(), wanted);
      const { rows, ...found } = pageOf(chosen, wanted.page, platformsList.size);
      const waiting = await Promise.all(rows.map((platform) => platforms.unknownDeployments(platform)));
      return {
        view: 'admin/platforms',
        title: req.page.t('admin.platforms.title'),
        data: {
          ours,
          platforms: rows.map((platform, at) => ({
            ...platformView(platform),
            waiting: waiting[at]?.length ?? 0,
          })),
        },
        locals: {
          listing: listView(platformsList, wanted, req.page, { action: '/admin/platforms', found }),
        },
      };
    },

    draft: (
      req: Request,
      again?: Partial<FormAgain>,
      described: { found?: DescribedView; refusal?: RefusalView } = {},
    ): Page => ({
      view: 'admin/platform-new',
      title: req.page.t('admin.platforms.new'),
      data: {
        ours,
        values: { ...described.found?.values, ...again?.values },
        errors: again?.errors ?? {},
        found: described.found ?? null,
        refusal: described.refusal ?? null,
      },
    }),

    edit: (req: Request, platform: Registration, again?: FormAgain): Page => ({
      view: 'admin/platform-edit',
      title: req.page.t('admin.platforms.edit'),
      data: {
        platform: platformView(platform),
        parameters: parametersView(platform),
        // After a conflict the form shows what is stored now.
        values: { ...editValues(platform), ...again?.values, version: versionOf(platform) },
        errors: again?.errors ?? {},
      },
    }),

    roles: (req: Request, platform: Registration, again?: FormAgain): Page => ({
      view: 'admin/platform-roles',
      title: req.page.t('admin.roles.title'),
      data: {
        platform: platformView(platform),
        rows: rolesView(platform, again?.values),
        roles: ROLES,
        version: rolesVersionOf(platform),
        errors: again?.errors ?? {},
      },
    }),

    async platform(platform: Registration, findings: Findings = {}): Promise<Page> {
      return {
        view: 'admin/platform',
        title: platformName(platform),
        data: {
          ours,
          platform: platformView(platform),
          unknownDeployments: (await platforms.unknownDeployments(platform)).map(unknownDeploymentView),
          managed: await registering.isManaged(platform),
          report: findings.report ?? null,
          held: findings.held ?? null,
          refusal: findings.refusal ?? null,
        },
      };
    },
  };
}
