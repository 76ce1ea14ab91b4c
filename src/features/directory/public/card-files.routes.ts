import { Router, type Request } from 'express';
import type * as Uqr from 'uqr';
import { lazyPackage } from '../../../shared/lazy-package.js';
import { contentDisposition } from '../../../web/content-disposition.js';
import type { Clock } from '../../../shared/clock.js';
import { centreName } from '../../../web/context.js';
import { present } from '../../../web/present.js';
import { cardView, type CardView } from '../directory.view.js';
import type { SiteService } from '../site/site.service.js';
import { readerOfRequest } from '../who.js';
import { slugOf } from '../addresses.js';
import type { ReadingService } from './reading.service.js';
import { vcardOf } from './vcard.js';

const uqr = lazyPackage<typeof Uqr>('uqr');

export interface CardFilesDeps {
  readonly reading: Pick<ReadingService, 'card'>;
  readonly site: Pick<SiteService, 'find'>;
  readonly clock: Clock;
  readonly publicUrl: string;
}

/** A card as vCard 4 and 3, as a code to photograph, and as a sheet to print. */
export function cardFilesRouter({ reading, site, clock, publicUrl }: CardFilesDeps): Router {
  const router = Router();

  const viewOf = async (req: Request): Promise<CardView> => {
    const reader = readerOfRequest(req);
    const { card, associations } = await reading.card(reader, slugOf(req));
    const { kinds } = await site.find();
    return cardView(card, associations, reader, { kinds, now: clock.now() });
  };
  const addressOf = ({ slug }: CardView): string => `${publicUrl}/teachers/${slug}`;

  router.get('/teachers/:slug/card.vcf', async (req, res) => {
    const card = await viewOf(req);
    const text = vcardOf(card, {
      version: req.query.version === '3' ? '3.0' : '4.0',
      url: addressOf(card),
      organisation: centreName(req.page),
      photo: card.photo === null || !req.page.open ? null : `${publicUrl}/${card.photo}`,
    });
    res.setHeader('Cache-Control', req.page.open ? 'public, no-cache' : 'no-store');
    res.setHeader(
      'Content-Disposition',
      contentDisposition('attachment', `${card.fullName || card.slug}.vcf`),
    );
    res.type('text/vcard; charset=utf-8').send(text);
  });

  router.get('/teachers/:slug/qr.svg', async (req, res) => {
    const card = await viewOf(req);
    res.setHeader('Cache-Control', req.page.open ? 'public, no-cache' : 'no-store');
    res.type('image/svg+xml').send(uqr().renderSVG(addressOf(card), { ecc: 'M', border: 2 }));
  });

  router.get('/teachers/:slug/print', async (req, res) => {
    const card = await viewOf(req);
    present(req, res, {
      view: 'directory/print-card',
      title: card.fullName || req.page.t('common.nameless'),
      data: { teacher: card, address: addressOf(card) },
      ...(req.page.open && {
        head: { canonical: addressOf(card), description: card.fullName, indexed: false },
      }),
    });
  });

  return router;
}
