import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../shared/clock.js';
import { fullName, NAMELESS } from '../../../shared/names.js';
import { blankCard, VISIBILITIES, type Card, type Change } from '../cards/card.js';
import { contentOf, recordOf } from '../cards/record.js';
import { withPost } from '../organisation/posts.js';
import type { CardsStore } from '../cards/cards.store.js';
import { revise } from '../cards/revise.js';
import { folded } from '../cards/search-words.js';
import { insertUnderFreeSlug } from '../cards/slugs.js';
import { withImported } from './apply.js';
import type { ImportChange, ImportRecord, ImportsStore } from './imports.store.js';
import type { RowContext } from './row-context.js';
import type { ImportedPerson, LineFault, ReadRows } from './rows.js';
import type { ImportStructure } from './structure.js';
import type { Staying } from './structure-change.js';

/** Finds the cards that lines are about, and writes lines into them. */
export interface ImportWriter {
  /** Says which lines are about known cards; a line that fits several cards is a fault. */
  check(rows: ReadRows): Promise<{
    people: (ImportedPerson & { readonly known: boolean })[];
    faults: LineFault[];
  }>;
  /**
   * Writes a line into its card, or makes one. A line that fits several cards is left out.
   * @param emails of all lines of the table
   */
  write(
    record: ImportRecord,
    person: ImportedPerson,
    emails: ReadonlySet<string>,
  ): Promise<'made' | 'changed' | 'same'>;
  /** Returns false for a card that was changed since, or that something else needs since. */
  undo(change: ImportChange, record: ImportRecord, staying: Staying): Promise<boolean>;
}

export interface ImportWriterDeps {
  readonly cards: CardsStore;
  readonly structure: Pick<
    ImportStructure,
    'associationIds' | 'setHeads' | 'setDepartmentHeads' | 'addToDepartments' | 'setGroups'
  >;
  readonly store: Pick<ImportsStore, 'addChange'>;
  readonly hasMaterials: (cardId: string) => Promise<boolean>;
  /** Removes what belongs to a card that undoing removes. */
  readonly removeParts: (cardId: string) => Promise<void>;
  readonly clock: Clock;
  readonly context: () => Promise<RowContext>;
}

type WithContacts = Pick<Card | ImportedPerson, 'contacts'>;
const emailOf = ({ contacts }: WithContacts): string =>
  contacts.find(({ kind }) => kind === 'email')?.value.toLowerCase() ?? '';
/** E-mails of all lines of a table. */
export const emailsIn = (people: readonly WithContacts[]): ReadonlySet<string> =>
  new Set(people.map(emailOf).filter((email) => email !== ''));
const MOST_CARDS = 20_000;

/** Cards by e-mail and by name, as lines are matched to them. */
class KnownCards {
  readonly #byEmail = new Map<string, Card[]>();
  readonly #byName = new Map<string, Card[]>();

  constructor(cards: readonly Card[]) {
    for (const card of cards) {
      const put = (map: Map<string, Card[]>, key: string): unknown =>
        key === '' ? undefined : map.set(key, [...(map.get(key) ?? []), card]);
      put(this.#byEmail, emailOf(card));
      put(this.#byName, folded(fullName(card.name)));
    }
  }

  /**
   * The e-mail decides before the name does. A card of this name with the e-mail of another line is a namesake's.
   * @param emails of all lines of the table
   */
  matching(person: ImportedPerson, emails: ReadonlySet<string>): readonly Card[] {
    const email = emailOf(person);
    const byEmail = this.#byEmail.get(email) ?? [];
    if (byEmail.length > 0) return byEmail;
    const byName = this.#byName.get(folded(fullName(person.name))) ?? [];
    return byName.filter((card) => !emails.has(emailOf(card)));
  }
}

/** Posts and terms of a card after a line: the line adds posts, and days that it names replace those of the card. */
function postsAfter(known: Card | null, person: ImportedPerson, today: string) {
  let after: Pick<Card, 'posts' | 'postTerms'> = known ?? { posts: [], postTerms: [] };
  for (const { post, since, until } of person.posts) {
    const term = after.postTerms.find((held) => held.post === post);
    const named = { post, since: since || (term?.since ?? ''), until: until || (term?.until ?? '') };
    const isKnown =
      term === undefined
        ? after.posts.includes(post) && named.since === '' && named.until === ''
        : isDeepStrictEqual(term, named);
    if (!isKnown) after = withPost(after, named, today);
  }
  return after;
}

const withTermsChanged = (change: Change, before: Card['postTerms'], after: Card['postTerms']): Change =>
  isDeepStrictEqual(before, after) || change.fields.includes('posts')
    ? change
    : { ...change, fields: [...change.fields, 'posts'] };

export function createImportWriter(deps: ImportWriterDeps): ImportWriter {
  const { cards, structure, store, hasMaterials, removeParts, clock, context } = deps;
  const all = (): Promise<Card[]> => cards.list({ visibility: VISIBILITIES, words: [] }, 0, MOST_CARDS);

  async function match(
    person: ImportedPerson,
    emails: ReadonlySet<string>,
  ): Promise<Card | 'several' | null> {
    const email = person.contacts.find(({ kind }) => kind === 'email')?.value ?? '';
    const words = folded(person.name.surname || person.name.givenName).split(' ');
    const byEmail = email === '' ? [] : await cards.listByContact('email', email);
    const near = await cards.list(
      { visibility: VISIBILITIES, words: words.map((word) => ({ word, associations: [] })) },
      0,
      500,
    );
    const cardsById = new Map([...byEmail, ...near].map((card) => [card.id, card]));
    const [found, other] = new KnownCards([...cardsById.values()]).matching(person, emails);
    if (other !== undefined) return 'several';
    // A list leaves out the history.
    return found === undefined ? null : cards.findOptional(found.id);
  }

  return {
    async check({ people, faults }) {
      const known = new KnownCards(await all());
      const emails = emailsIn(people);
      const checked: (ImportedPerson & { known: boolean })[] = [];
      const more: LineFault[] = [];
      for (const person of people) {
        const found = new Set(known.matching(person, emails).map(({ id }) => id));
        if (found.size > 1) {
          more.push({
            line: person.line,
            field: 'fullName',
            fault: 'ambiguous',
            value: fullName(person.name),
          });
        } else checked.push({ ...person, known: found.size === 1 });
      }
      return { people: checked, faults: [...faults, ...more].sort((a, b) => a.line - b.line) };
    },

    async write(importRecord, person, emails) {
      const { visibility, consent, key: importKey, by, byName } = importRecord;
      const isOfStructure = fullName(person.name) === '';
      const known = isOfStructure ? null : await match(person, emails);
      if (known === 'several') return 'same';
      const heads = person.lists.heads ?? [];
      const titles = [...(person.lists.associations ?? []), ...heads];
      const ids = await structure.associationIds(importKey, titles);
      await structure.addToDepartments(importKey, person.lists.department ?? [], ids);
      if (isOfStructure) {
        await structure.setGroups(importKey, person.groups, '');
        return 'same';
      }
      const editor = { personId: by, name: byName };
      const before = known === null ? blankCard(NAMELESS) : contentOf(known);
      const input = withImported(before, known === null, person, {
        visibility,
        consent,
        associationIds: ids,
      });
      const { posts, postTerms } = postsAfter(known, person, (await context()).today);
      const revised = revise(before, { ...input, posts }, editor, clock.now(), 'imported');
      const change = withTermsChanged(revised.change, known?.postTerms ?? [], postTerms);
      const record = { ...recordOf(revised.content), postTerms };
      if (known === null) {
        const made = await insertUnderFreeSlug(fullName(person.name), 'teacher', (slug) =>
          cards.insert(slug, [], record, change),
        );
        // Without persons there is none who could have a card already.
        if (made === 'person') return 'same';
        await store.addChange(
          { importKey, line: person.line, cardId: made.id, before: null, version: 1 },
          clock.now(),
        );
        await structure.setHeads(importKey, heads, made);
        await structure.setDepartmentHeads(importKey, person.lists.departmentsLed ?? [], made.id);
        await structure.setGroups(importKey, person.groups, made.id);
        return 'made';
      }
      await structure.setHeads(importKey, heads, known);
      await structure.setDepartmentHeads(importKey, person.lists.departmentsLed ?? [], known.id);
      await structure.setGroups(importKey, person.groups, known.id);
      if (change.fields.length === 0) return 'same';
      const saved = await cards.replace(known.id, known.version, record, change);
      if (saved === null) return this.write(importRecord, person, emails);
      const undone = { ...before, postTerms: known.postTerms };
      await store.addChange(
        { importKey, line: person.line, cardId: known.id, before: undone, version: saved.version },
        clock.now(),
      );
      return 'changed';
    },

    async undo({ cardId, before, version }, { by, byName }, { associationIds, headIds }) {
      const card = await cards.findOptional(cardId);
      if (card === null) return true;
      if (card.version !== version) return false;
      if (before === null) {
        if (headIds.has(cardId) || (await hasMaterials(cardId))) return false;
        if (!(await cards.removeUnlinked(card))) return false;
        await removeParts(cardId);
        return true;
      }
      const kept = card.associationIds.filter((id) => associationIds.has(id));
      const content = { ...before, associationIds: [...new Set([...before.associationIds, ...kept])] };
      const change = {
        ...{ at: clock.now(), personId: by, name: byName },
        ...{ what: 'imported' as const, fields: [], opened: [], closed: [] },
      };
      return (await cards.replace(cardId, version, recordOf(content), change)) !== null;
    },
  };
}
