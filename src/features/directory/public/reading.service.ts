import type { AssociationsStore } from '../associations/associations.store.js';
import { headIdsOf } from '../organisation/holders.js';
import type { OrganisationStore, Unit } from '../organisation/organisation.store.js';
import { POSTS, type Association, type Card, type TaughtProgrammes } from '../cards/card.js';
import type { CardsStore } from '../cards/cards.store.js';
import { seesCard, visibleTo, type Reader } from '../directory.policy.js';
import { notInDirectory } from '../refusals.js';
import { folded, searchWords } from '../cards/search-words.js';

/** How many teachers stand on one page of a list. */
export const PAGE_SIZE = 30;

/** More teachers than a centre has. */
const MOST = 20_000;
const MOST_MEMBERS = 500;

export interface ListRequest {
  readonly q: string;
  /** Slug, or '' for all. */
  readonly association: string;
  /** From 1. */
  readonly page: number;
}

export interface CardList {
  readonly cards: readonly Card[];
  readonly total: number;
  readonly page: number;
  /** At least 1. */
  readonly pages: number;
  readonly associations: readonly Association[];
  /** The one asked for. */
  readonly association: Association | null;
}

export interface StaffList {
  readonly cards: readonly Card[];
  readonly page: number;
  readonly pages: number;
  /** Titles of the programmes that can be asked for. */
  readonly programmes: readonly string[];
}

export interface Responsible {
  readonly cards: readonly Card[];
  readonly associations: readonly Association[];
  readonly departments: readonly Unit[];
}

/** What the directory shows to a reader. Nothing leaves here on a card that the reader may not see. */
export interface ReadingService {
  /** @throws DomainError `directory-nobody` for an unknown association, or a page behind the last */
  list(reader: Reader, request: ListRequest): Promise<CardList>;
  /** @throws DomainError `directory-nobody` */
  card(reader: Reader, slug: string): Promise<{ card: Card; associations: readonly Association[] }>;
  /** Cards of an association that the reader sees, its head's included. */
  members(reader: Reader, association: Association): Promise<readonly Card[]>;
  /** Every association with its head, if the reader may see that card, and how many teachers they can see in it. */
  associations(reader: Reader): Promise<{ association: Association; head: Card | null; count: number }[]>;
  /** The card of the association's head; null when there is none that the reader can see. */
  head(reader: Reader, association: Association): Promise<Card | null>;
  /**
   * The teaching staff that the reader sees, by name.
   * @param programme title; '' for all
   * @param page from 1; null for all of them
   * @throws DomainError `directory-nobody` for a page behind the last
   */
  staff(reader: Reader, programme: string, page: number | null): Promise<StaffList>;
  /** All associations, by title. */
  allAssociations(): Promise<readonly Association[]>;
  /** Who teaches in which programmes, of the cards that the reader sees, by name. */
  taught(reader: Reader): Promise<readonly TaughtProgrammes[]>;
  /** Those of the cards that the reader sees, in no particular order. */
  cardsOf(reader: Reader, ids: readonly string[]): Promise<readonly Card[]>;
  /** Addresses of all cards that the reader sees. */
  slugs(reader: Reader): Promise<readonly string[]>;
  /** Every card that the reader sees, by name, with all associations: for an export, and a list to embed. */
  everyone(reader: Reader): Promise<{ cards: readonly Card[]; associations: readonly Association[] }>;
  /** Those who answer for the centre: by post, and the heads of associations and departments. */
  responsible(reader: Reader): Promise<Responsible>;
}

export function createReadingService(
  cards: CardsStore,
  associations: AssociationsStore,
  organisation: Pick<OrganisationStore, 'list'>,
): ReadingService {
  return {
    async list(reader: Reader, request: ListRequest): Promise<CardList> {
      const all = await associations.all();
      const association = all.find(({ slug }) => slug === request.association) ?? null;
      if (request.association !== '' && association === null) throw notInDirectory();
      const query = {
        visibility: visibleTo(reader),
        words: searchWords(request.q).map((word) => ({
          word,
          associations: all.filter(({ title }) => folded(title).includes(word)),
        })),
        ...(association && { association }),
      };
      const { cards: found, total } = await cards.page(query, (request.page - 1) * PAGE_SIZE, PAGE_SIZE);
      const pages = Math.max(1, Math.ceil(total / PAGE_SIZE));
      if (request.page > pages) throw notInDirectory();
      return { cards: found, total, page: request.page, pages, associations: all, association };
    },

    async card(reader: Reader, slug: string): Promise<{ card: Card; associations: readonly Association[] }> {
      const [card, all] = await Promise.all([cards.findOptionalBySlug(slug), associations.all()]);
      if (card === null || !seesCard(reader, card)) throw notInDirectory();
      return { card, associations: all };
    },

    members: (reader, association) =>
      cards.list({ visibility: visibleTo(reader), words: [], association }, 0, MOST_MEMBERS),

    async associations(
      reader: Reader,
    ): Promise<{ association: Association; head: Card | null; count: number }[]> {
      const all = await associations.all();
      const visibility = visibleTo(reader);
      return Promise.all(
        all.map(async (association) => {
          const [head, count] = await Promise.all([
            this.head(reader, association),
            cards.count({ visibility, words: [], association }),
          ]);
          return { association, head, count };
        }),
      );
    },

    async head(reader: Reader, association: Association): Promise<Card | null> {
      const head = association.headId === '' ? null : await cards.findOptional(association.headId);
      return head !== null && seesCard(reader, head) ? head : null;
    },

    async staff(reader, programme, page) {
      const visibility = visibleTo(reader);
      const query = { visibility, words: [], staffOf: programme };
      const from = page === null ? 0 : (page - 1) * PAGE_SIZE;
      const { cards: found, total } = await cards.page(query, from, page === null ? MOST : PAGE_SIZE);
      const pages = page === null ? 1 : Math.max(1, Math.ceil(total / PAGE_SIZE));
      if (page !== null && page > pages) throw notInDirectory();
      const programmes = await cards.programmes(visibility);
      const collator = new Intl.Collator('ru');
      const titles = [...programmes].sort((a, b) => collator.compare(a, b));
      return { cards: found, page: page ?? 1, pages, programmes: titles };
    },

    allAssociations: () => associations.all(),

    taught: (reader) => cards.listTaught(visibleTo(reader)),

    cardsOf: async (reader, ids) =>
      (await cards.findMany(ids.filter((id) => id !== ''))).filter((card) => seesCard(reader, card)),

    slugs: (reader) => cards.listSlugs(visibleTo(reader)),

    async everyone(reader) {
      const query = { visibility: visibleTo(reader), words: [] };
      const [found, all] = await Promise.all([cards.list(query, 0, MOST), associations.all()]);
      return { cards: found, associations: all };
    },

    async responsible(reader) {
      const [all, departments] = await Promise.all([associations.all(), organisation.list('department')]);
      const headIds = headIdsOf([...all, ...departments]);
      const found = await cards.responsible(visibleTo(reader), POSTS, headIds);
      return { cards: found, associations: all, departments };
    },
  };
}
