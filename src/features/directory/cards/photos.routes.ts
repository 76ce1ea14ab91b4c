import { Router, type Request } from 'express';
import { z } from 'zod';
import { uploadedFiles, type UploadRule } from '../../../infra/files/index.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { checkbox, parse } from '../../../web/parse.js';
import { seeOther, type Page } from '../../../web/present.js';
import type { Card } from './card.js';
import type { CardsService } from './cards.service.js';
import type { PhotosService } from './photos.service.js';
import { slugOf } from '../addresses.js';
import { cardActorOf } from '../who.js';

const MEGABYTE = 1024 * 1024;

/** What telephones take, with some room. */
export const PHOTO_MEGABYTES = 15;

export const photoUpload: UploadRule = {
  path: /^\/directory\/teachers\/[^/]+\/photo$/,
  field: 'photo',
  maxFiles: 1,
  maxBytes: PHOTO_MEGABYTES * MEGABYTE,
};

/** A part of the picture, `0` to `1`; '' without a script that knows where the frame is. */
const part = z
  .string()
  .regex(/^(?:|0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/)
  .transform((typed) => (typed === '' ? null : Number(typed)))
  .default(null);

const photoForm = z
  .strictObject({ photoConsent: checkbox, cropX: part, cropY: part, cropSize: part })
  .transform(({ photoConsent: consent, cropX: x, cropY: y, cropSize: size }) => ({
    consent,
    crop: x === null || y === null || size === null ? null : { x, y, size },
  }));

export interface PhotosRouterDeps {
  readonly cards: CardsService;
  readonly photos: PhotosService;
  /** The page on which the form is. */
  readonly formPage: (req: Request, card: Card, again: FormAgain) => Promise<Page>;
}

/** `/c/:courseKey/directory/teachers/:slug/photo`: for those who may edit the card. */
export function photosRouter({ cards, photos, formPage }: PhotosRouterDeps): Router {
  const router = Router();

  router.post('/teachers/:slug/photo', async (req, res) => {
    const actor = cardActorOf(req);
    const card = await cards.forEdit(actor, slugOf(req));
    await answerForm(
      req,
      res,
      async () => {
        const options = parse(photoForm, { ...(req.body as object | undefined) });
        await photos.put(actor, card, uploadedFiles(req)[0], options);
        seeOther(res, `${req.baseUrl}/teachers/${card.slug}/edit`, 'directory.photoSaved');
      },
      (again) => formPage(req, card, again),
    );
  });

  router.post('/teachers/:slug/photo/remove', async (req, res) => {
    const actor = cardActorOf(req);
    const card = await cards.forEdit(actor, slugOf(req));
    await photos.remove(actor, card);
    seeOther(res, `${req.baseUrl}/teachers/${card.slug}/edit`, 'directory.photoRemoved');
  });

  return router;
}
