import { buffer } from 'node:stream/consumers';
import type { FileOwnerKind, Files, UploadedFile } from '../../../infra/files/index.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import type { Card, Change } from './card.js';
import type { CardsStore } from './cards.store.js';
import { readerOf, seesCard, type CardActor } from '../directory.policy.js';
import { PORTRAIT_TYPE, portraitOf, type Crop } from './portrait.js';
import { stale } from '../refusals.js';

export interface PhotosService {
  /**
   * Puts a photo on a card, in the place of the one that is there.
   * @param card that the actor may edit
   * @param crop the square of the picture that is kept; null to have it chosen
   * @throws DomainError `bad-input` on `photo`, or on `photoConsent` where everybody would see it without;
   *   `directory-stale` (409) when the card was changed meanwhile; `files-quota` (409)
   */
  put(
    actor: CardActor,
    card: Card,
    upload: UploadedFile | undefined,
    options: { readonly consent: boolean; readonly crop: Crop | null },
  ): Promise<void>;
  /** For seeds: puts a picture that is a portrait already on a card that has none. */
  putPrepared(card: Card, portrait: Buffer): Promise<void>;
  /** Takes the photo off a card. Nothing happens where there is none. @throws DomainError `directory-stale` (409) */
  remove(actor: CardActor, card: Card): Promise<void>;
  /** Gives one card's photo to another that has none. Its consent goes with the card's. */
  copy(from: Card, to: Card): Promise<void>;
  /** Deletes the files of a card that is gone. */
  removeOf(cardId: string): Promise<void>;
}

export interface PhotosServiceDeps {
  readonly cards: CardsStore;
  readonly files: Files;
  readonly clock: Clock;
}

const KIND = 'teacher-photo';
const MEGABYTE = 1024 * 1024;

export function createPhotosService({ cards, files, clock }: PhotosServiceDeps): PhotosService {
  files.defineOwner(photosOf(cards));
  const changeBy = (actor: CardActor, opened: readonly string[], closed: readonly string[]): Change => ({
    at: clock.now(),
    personId: actor.personId,
    name: fullName(actor.name),
    what: 'edited',
    fields: ['photo'],
    opened,
    closed,
  });
  return {
    async put(actor, card, upload, { consent, crop }) {
      if (upload === undefined) throw badInput({ photo: 'errors.field.missing' });
      const isPublic = card.visibility === 'public';
      // What replaces a photo that everybody sees is covered by the leave that was given for it.
      const opens = isPublic && card.photo === null;
      if (opens && !consent) throw badInput({ photoConsent: 'errors.field.consent' });
      const buffer = await portraitOf(upload.path, upload.name, crop);
      const file = await files.store({
        owner: { kind: KIND, id: card.id },
        uploadedBy: actor.personId,
        name: `${card.slug}.webp`,
        type: PORTRAIT_TYPE,
        source: { buffer },
      });
      const change = changeBy(actor, opens ? ['photo'] : [], []);
      if (!(await cards.setPhoto(card.id, card.version, { fileId: file.id }, change))) {
        await files.remove([file.id]);
        throw stale();
      }
      if (card.photo !== null) await files.remove([card.photo.fileId]);
    },
    async putPrepared(card, portrait) {
      if (card.photo !== null) return;
      const file = await files.store({
        owner: { kind: KIND, id: card.id },
        ...{ uploadedBy: '', name: `${card.slug}.webp`, type: PORTRAIT_TYPE, source: { buffer: portrait } },
      });
      const change: Change = {
        ...{ at: clock.now(), personId: '', name: '' },
        ...{ what: 'imported', fields: ['photo'], opened: [], closed: [] },
      };
      await cards.setPhoto(card.id, card.version, { fileId: file.id }, change);
    },
    async remove(actor, card) {
      if (card.photo === null) return;
      const change = changeBy(actor, [], card.visibility === 'public' ? ['photo'] : []);
      if (!(await cards.setPhoto(card.id, card.version, null, change))) throw stale();
      await files.remove([card.photo.fileId]);
    },
    async copy(from, to) {
      if (from.photo === null || to.photo !== null) return;
      // A photo that few saw does not become one that everybody sees.
      if (to.visibility === 'public' && from.visibility !== 'public') return;
      const file = await files.store({
        owner: { kind: KIND, id: to.id },
        uploadedBy: '',
        name: `${to.slug}.webp`,
        type: PORTRAIT_TYPE,
        source: { buffer: await buffer(await files.bytes.open(from.photo.fileId)) },
      });
      const change: Change = {
        ...{ at: clock.now(), personId: '', name: '' },
        ...{ what: 'merged', fields: ['photo'], opened: [], closed: [] },
      };
      if (!(await cards.setPhoto(to.id, to.version, { fileId: file.id }, change)))
        await files.remove([file.id]);
    },
    removeOf: (cardId) => files.removeOf({ kind: KIND, id: cardId }),
  };
}

/** A photo is seen by those who see its card. */
const photosOf = (cards: CardsStore): FileOwnerKind => ({
  kind: KIND,
  // The one that is shown, and those of uploads under way or cut short.
  maxFiles: 5,
  maxBytes: 5 * MEGABYTE,
  async mayRead(actor, { id, owner }) {
    const card = await cards.findOptional(owner.id);
    return card?.photo?.fileId === id && seesCard(readerOf(actor ?? undefined), card);
  },
  inUse: async (found) => cards.listPhotos(found.map(({ owner }) => owner.id)),
});
