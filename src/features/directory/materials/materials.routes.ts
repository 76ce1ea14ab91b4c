import { Router, type Request } from 'express';
import { uploadedFiles, type UploadRule } from '../../../infra/files/index.js';
import { badInput } from '../../../shared/errors.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import type { Card } from '../cards/card.js';
import type { CardsService } from '../cards/cards.service.js';
import { materialKeyOf, slugOf } from '../addresses.js';
import { cardActorOf } from '../who.js';
import { MATERIAL_AUDIENCES, MATERIAL_KINDS, type Material } from './material.js';
import { changedMaterial, newMaterial, type MaterialInput } from './materials.schema.js';
import { MATERIAL_MEGABYTES, type MaterialFields, type MaterialsService } from './materials.service.js';
import type { SelfChecks, TestRef } from './self-checks.js';
import { materialRow, materialValues } from './materials.view.js';

const FILE_RULE = { field: 'file', maxFiles: 1, maxBytes: MATERIAL_MEGABYTES * 1024 * 1024 } as const;

export const materialUploads: readonly UploadRule[] = [
  { path: /^\/directory\/teachers\/[^/]+\/materials$/, ...FILE_RULE },
  { path: /^\/directory\/materials\/[^/]+$/, ...FILE_RULE },
];

export interface MaterialsRouterDeps {
  readonly materials: MaterialsService;
  readonly cards: Pick<CardsService, 'forEdit'>;
  readonly selfChecks: Pick<SelfChecks, 'listFor'>;
}

const bodyOf = (req: Request): Record<string, unknown> => ({ ...(req.body as object | undefined) });

/** The forms of materials, for those who may edit the card to which they belong. */
export function materialsRouter({ materials, cards, selfChecks }: MaterialsRouterDeps): Router {
  const router = Router();

  /** The tests that can be chosen: those of the course in which the form stands. */
  const choices = async (req: Request): Promise<TestChoice[]> =>
    req.actor === undefined ? [] : [...(await selfChecks.listFor(req.actor))];

  const form = async (
    req: Request,
    card: Card,
    material: Material | null,
    again?: FormAgain,
  ): Promise<Page> => formPage(req, { card, material, tests: await choices(req) }, again);

  /** Tests of other courses stay linked. @throws DomainError `bad-input` on `tests` */
  async function withTests(
    req: Request,
    input: MaterialInput,
    linked: readonly TestRef[],
  ): Promise<MaterialFields> {
    const courseId = req.actor?.courseId;
    if (input.tests === undefined || courseId === undefined) return { ...input, tests: linked };
    const known = await choices(req);
    if (input.tests.some((id) => !known.some((test) => test.id === id)))
      throw badInput({ tests: 'errors.field.wrong' });
    const others = linked.filter((ref) => ref.courseId !== courseId);
    return { ...input, tests: [...others, ...input.tests.map((testId) => ({ courseId, testId }))] };
  }

  router.get('/teachers/:slug/materials/new', async (req, res) => {
    const card = await cards.forEdit(cardActorOf(req), slugOf(req));
    present(req, res, await form(req, card, null));
  });

  router.post('/teachers/:slug/materials', async (req, res) => {
    const actor = cardActorOf(req);
    const card = await cards.forEdit(actor, slugOf(req));
    await answerForm(
      req,
      res,
      async () => {
        const made = await materials.create(
          actor,
          card,
          await withTests(req, parse(newMaterial, bodyOf(req)), []),
          uploadedFiles(req)[0],
        );
        seeOther(res, `${req.baseUrl}/materials/${made.key}`, 'directory.materialSaved');
      },
      (again) => form(req, card, null, again),
    );
  });

  router.get('/materials/:key/edit', async (req, res) => {
    const { material, card } = await materials.forEdit(cardActorOf(req), materialKeyOf(req));
    present(req, res, await form(req, card, material));
  });

  router.post('/materials/:key', async (req, res) => {
    const actor = cardActorOf(req);
    const { material, card } = await materials.forEdit(actor, materialKeyOf(req));
    await answerForm(
      req,
      res,
      async () => {
        const { version, ...input } = parse(changedMaterial, { ...materialValues(material), ...bodyOf(req) });
        const fields = await withTests(req, input, material.tests);
        await materials.save(actor, material, version, fields, uploadedFiles(req)[0]);
        seeOther(res, `${req.baseUrl}/materials/${material.key}`, 'directory.materialSaved');
      },
      (again) => form(req, card, material, again),
    );
  });

  router.get('/materials/:key/remove', async (req, res) => {
    const { material, card } = await materials.forEdit(cardActorOf(req), materialKeyOf(req));
    present(req, res, {
      view: 'directory/remove-material',
      title: req.page.t('directory.material.remove'),
      data: { material: materialRow(material, card) },
    });
  });

  router.post('/materials/:key/remove', async (req, res) => {
    const actor = cardActorOf(req);
    const { card } = await materials.forEdit(actor, materialKeyOf(req));
    await materials.remove(actor, materialKeyOf(req));
    seeOther(res, `${req.baseUrl}/teachers/${card.slug}`, 'directory.removed');
  });

  return router;
}

interface TestChoice {
  readonly id: string;
  readonly title: string;
}

interface FormParts {
  readonly card: Card;
  /** Null for a new one. */
  readonly material: Material | null;
  readonly tests: readonly TestChoice[];
}

function formPage(req: Request, { card, material, tests }: FormParts, again?: FormAgain): Page {
  const linked = (material?.tests ?? []).map(({ testId }) => testId);
  const chosen: unknown = again ? (again.values.tests ?? []) : linked;
  return {
    view: 'directory/material-form',
    title: req.page.t(material ? 'directory.material.edit' : 'directory.material.add'),
    data: {
      sendTo: material ? `materials/${material.key}` : `teachers/${card.slug}/materials`,
      backTo: material ? `materials/${material.key}` : `teachers/${card.slug}`,
      kept: material && { key: material.key, version: material.version, file: material.file?.name ?? null },
      values: { ...materialValues(material), ...again?.values },
      tests: tests.map((test) => ({
        ...test,
        chosen: Array.isArray(chosen) ? chosen.includes(test.id) : chosen === test.id,
      })),
      errors: again?.errors ?? {},
      kinds: MATERIAL_KINDS,
      audiences: MATERIAL_AUDIENCES,
      megabytes: MATERIAL_MEGABYTES,
    },
  };
}
