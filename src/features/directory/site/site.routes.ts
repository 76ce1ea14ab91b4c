import { Router, type Request } from 'express';
import { uploadedFiles, type UploadRule } from '../../../infra/files/index.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { CONTACT_KINDS, META_KINDS } from '../cards/card.js';
import { contactText } from '../cards/contacts.js';
import { gatherRows } from '../cards/rows.js';
import { cardActorOf, requireManager } from '../who.js';
import { siteForm } from './site.schema.js';
import type { SiteService } from './site.service.js';

const LOGO_MEGABYTES = 5;

export const logoUpload: UploadRule = {
  path: /^\/directory\/site\/logo$/,
  field: 'logo',
  maxFiles: 1,
  maxBytes: LOGO_MEGABYTES * 1024 * 1024,
};

/** `/admin/directory/site`: the centre's words, channels, kinds of contacts and logo. */
export function siteSettingsRouter(site: SiteService, publicUrl: string): Router {
  const router = Router();

  const formPage = async (req: Request, again?: FormAgain): Promise<Page> => {
    const { settings, version } = await site.stored();
    const saved = {
      about: settings.about,
      postalAddress: settings.postalAddress,
      help: settings.help,
      divisionDocument: settings.divisionDocument,
    };
    const contacts = settings.contacts.map((contact) => ({
      ...contact,
      value: contactText(contact.kind, contact.value),
    }));
    const sent = again && Object.keys(again.values).length > 0 ? gatherRows(again.values) : undefined;
    return {
      view: 'directory/site-form',
      title: req.page.t('directory.site.title'),
      data: {
        version,
        values: { ...saved, ...again?.values },
        rows: { contacts: sent ? (sent.contacts ?? []) : contacts },
        chosen: sent ? [sent.kinds ?? []].flat() : settings.kinds,
        errors: again?.errors ?? {},
        stale: again?.errors.version !== undefined,
        kinds: CONTACT_KINDS,
        meta: META_KINDS,
        snippet: `<iframe src="${publicUrl}/embed/teachers" title="${req.page.t('directory.title')}" width="100%" height="600" loading="lazy"></iframe>`,
        svedenAddress: `${publicUrl}/sveden/employees?fragment=1`,
        hasSite: req.page.centre.site !== '',
        logo: settings.logo,
        megabytes: LOGO_MEGABYTES,
      },
    };
  };

  router.get('/', requireManager, async (req, res) => {
    present(req, res, await formPage(req));
  });

  router.post('/', requireManager, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const body = gatherRows({ ...(req.body as object | undefined) });
        const { version, ...settings } = parse(siteForm, body);
        await site.save(version, settings);
        seeOther(res, req.baseUrl, 'directory.saved');
      },
      (again) => formPage(req, again),
    );
  });

  router.post('/logo', requireManager, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        await site.putLogo(uploadedFiles(req)[0], cardActorOf(req).personId);
        seeOther(res, req.baseUrl, 'directory.saved');
      },
      ({ errors }) => formPage(req, { values: {}, errors }),
    );
  });

  router.post('/logo/remove', requireManager, async (req, res) => {
    await site.removeLogo();
    seeOther(res, req.baseUrl, 'directory.saved');
  });

  return router;
}
