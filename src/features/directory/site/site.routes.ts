import { Router, type Request } from 'express';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { CONTACT_KINDS, META_KINDS } from '../cards/card.js';
import { contactText } from '../cards/contacts.js';
import { gatherRows } from '../cards/rows.js';
import { requireManager } from '../who.js';
import { siteForm } from './site.schema.js';
import type { SiteService } from './site.service.js';

/** `/admin/directory/site`: the centre's words, channels and kinds of contacts. */
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
    const sent = again && gatherRows(again.values);
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

  return router;
}
