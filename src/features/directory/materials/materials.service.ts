import type { Files, UploadedFile } from '../../../infra/files/index.js';
import type { Clock } from '../../../shared/clock.js';
import type { Card } from '../cards/card.js';
import type { CardsService } from '../cards/cards.service.js';
import type { CardsStore } from '../cards/cards.store.js';
import type { CardActor, Reader } from '../directory.policy.js';
import { filesOf } from './material-files.js';
import type { Material } from './material.js';
import { createMaterialsEditing } from './materials.editing.js';
import { createMaterialsReading } from './materials.reading.js';
import type { MaterialInput } from './materials.schema.js';
import type { MaterialsStore } from './materials.store.js';
import type { TestRef } from './self-checks.js';

export interface MaterialSearch {
  readonly q: string;
  /** '' for all. */
  readonly topic: string;
  /** From 1. */
  readonly page: number;
}

export interface FoundMaterials {
  readonly materials: readonly { readonly material: Material; readonly card: Card }[];
  readonly topics: readonly string[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
}

/** New materials of one teacher. */
export interface PublishedMaterials extends Pick<Card, 'slug' | 'name' | 'personIds'> {
  readonly cardId: string;
  readonly titles: readonly string[];
}

/** Materials of teachers. A material is seen by those who see both it and the card to which it belongs. */
export interface MaterialsService {
  /** @throws DomainError `directory-nobody` for a page behind the last */
  search(reader: Reader, request: MaterialSearch): Promise<FoundMaterials>;
  /** Keys of all materials that everybody may see. */
  publicKeys(): Promise<readonly string[]>;
  /** @throws DomainError `directory-nobody` */
  find(reader: Reader, key: string): Promise<{ material: Material; card: Card }>;
  listOfCard(reader: Reader, cardId: string): Promise<Material[]>;
  /** What students may see of what was published after `from` and by `to`, by card. */
  listPublished(from: Date, to: Date): Promise<PublishedMaterials[]>;
  /** @throws DomainError `bad-input` on `file`; `files-quota` (409) */
  create(actor: CardActor, card: Card, input: MaterialFields, upload?: UploadedFile): Promise<Material>;
  /** @throws DomainError `forbidden`; `directory-nobody` */
  forEdit(actor: CardActor, key: string): Promise<{ material: Material; card: Card }>;
  /** Keeps the body that it replaces. @throws DomainError `directory-stale` (409); `bad-input` on `file` */
  save(
    actor: CardActor,
    material: Material,
    version: number,
    input: MaterialFields,
    upload?: UploadedFile,
  ): Promise<void>;
  remove(actor: CardActor, key: string): Promise<void>;
  /** Removes all of a card that is gone. */
  removeOf(cardId: string): Promise<void>;
}

export interface MaterialsServiceDeps {
  readonly materials: MaterialsStore;
  readonly cards: Pick<CardsService, 'forEdit' | 'mayEdit'>;
  readonly cardsStore: Pick<CardsStore, 'findOptional' | 'findMany' | 'idsOf'>;
  readonly files: Files;
  readonly clock: Clock;
}

/** What a form says, with its tests found. */
export type MaterialFields = Omit<MaterialInput, 'tests'> & { readonly tests: readonly TestRef[] };

export const MATERIAL_MEGABYTES = 50;

export function createMaterialsService(deps: MaterialsServiceDeps): MaterialsService {
  deps.files.defineOwner(filesOf(deps.materials, deps.cardsStore));
  return { ...createMaterialsReading(deps), ...createMaterialsEditing(deps) };
}
