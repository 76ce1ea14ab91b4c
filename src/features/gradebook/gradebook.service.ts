import type { Lti, ResultAnswer, Results } from '../../lti/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import type { ContentRef } from '../../shared/content.js';
import { notFound } from '../../shared/errors.js';
import type { ResourceLink } from '../launch/index.js';
import type { Person } from '../membership/index.js';
import type { Grade, GradeEvent, GradeRow } from './score-row.store.js';
import type { GradesStore } from './scores.store.js';
import type { SoughtLineItem } from './line-item-row.store.js';
import type { LineItemsStore } from './line-items.store.js';

/** What a room hands in; where it goes is looked up here. */
export type NewGrade = Omit<Grade, 'registrationId' | 'sub' | 'scopes'>;

export interface FoundGrade {
  readonly row: GradeRow;
  readonly person: Person | null;
  /** Oldest first. */
  readonly history: readonly GradeEvent[];
}

/** A row, and the activity of the LMS that it belongs to; '' where the content stands in one only. */
export interface PlacedGrade extends GradeRow {
  readonly place: string;
}

export interface TroubledLineItem {
  readonly lineItem: SoughtLineItem;
  /** What it is for; '' when that is gone. */
  readonly title: string;
}

export interface GradesServiceDeps {
  readonly store: GradesStore;
  readonly lineItems: Pick<LineItemsStore, 'addresses' | 'troubled' | 'revive'>;
  readonly clock: Clock;
  readonly findPerson: (id: string) => Promise<Person | null>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
  readonly findRegistration: Lti['registrations']['findOptionalById'];
  readonly results: Results;
  /** Reads soon what the gradebook holds of these rows. */
  readonly look: (rows: readonly GradeRow[]) => Promise<void>;
  readonly linksOf: (courseId: string, content: ContentRef) => Promise<ResourceLink[]>;
  readonly findLink: (courseId: string, id: string) => Promise<ResourceLink | null>;
  /** By its title; '' when it is gone. */
  readonly titleOf: (courseId: string, content: ContentRef) => Promise<string>;
}

export interface GradesService {
  /**
   * Puts a grade into the outbox once for every line item through which its content stands in the course.
   * No line item yet is no error: the grade is handed in again when a link names one.
   */
  queue(grade: NewGrade): Promise<void>;
  /** The course's rows with their people, for those who teach in it. */
  ofCourse(actor: Actor): Promise<{ row: PlacedGrade; person: Person | null }[]>;
  /** Gradebook columns that were to be found or made in the course, and could not be. */
  troubledLineItems(actor: Actor): Promise<TroubledLineItem[]>;
  /** Looks once more for one of them. @throws DomainError `not-found` */
  seekAgain(actor: Actor, id: string): Promise<void>;
  find(actor: Actor, id: string): Promise<FoundGrade>;
  /** What the gradebook holds now, asked for each time. @throws DomainError `not-found` */
  held(actor: Actor, id: string): Promise<ResultAnswer & { found: FoundGrade }>;
  /** The actor's own rows. */
  ofActor(actor: Actor): Promise<PlacedGrade[]>;
  /** Where the grade of this person and content stands with each gradebook column. */
  deliveries(courseId: string, personId: string, content: ContentRef): Promise<PlacedGrade[]>;
  /** Sends one failed row, or all of the course, once more. @throws DomainError `not-found` */
  again(actor: Actor, id?: string): Promise<number>;
}

export function createGradesService(deps: GradesServiceDeps): GradesService {
  const { store, clock } = deps;

  async function find(actor: Actor, id: string): Promise<FoundGrade> {
    const row = await store.findOptional(actor.courseId, id);
    if (row === null) throw notFound();
    const [person, history] = await Promise.all([deps.findPerson(row.personId), store.historyOf(id)]);
    return { row, person, history };
  }

  /** Where scores of these links go. */
  async function columnsOf(links: readonly ResourceLink[]): Promise<[string, ResourceLink['scopes']][]> {
    const addresses = await deps.lineItems.addresses(links);
    return links.flatMap(({ id, scopes }) => {
      const address = addresses.get(id);
      return address === undefined ? [] : [[address, scopes]];
    });
  }

  /** Adds the names of activities where a content stands in several. */
  async function placed(courseId: string, rows: readonly GradeRow[]): Promise<PlacedGrade[]> {
    const contents = new Map(rows.map(({ content }) => [`${content.kind} ${content.id}`, content]));
    const places = new Map<string, string>();
    for (const content of contents.values()) {
      const columns = rows.filter(({ content: { kind, id } }) => kind === content.kind && id === content.id);
      if (new Set(columns.map(({ lineItem }) => lineItem)).size < 2) continue;
      const links = await deps.linksOf(courseId, content);
      const addresses = await deps.lineItems.addresses(links);
      for (const { id, title } of links) places.set(addresses.get(id) ?? '', title);
    }
    return rows.map((row) => ({ ...row, place: places.get(row.lineItem) ?? '' }));
  }

  /** A person's rows, and soon what the gradebook holds of them. */
  async function ofPerson(courseId: string, personId: string): Promise<GradeRow[]> {
    const rows = await store.ofPerson(courseId, personId);
    await deps.look(rows);
    return rows;
  }

  return {
    async queue(grade: NewGrade): Promise<void> {
      const [person, links] = await Promise.all([
        deps.findPerson(grade.personId),
        deps.linksOf(grade.courseId, grade.content),
      ]);
      if (person === null) return;
      const { registrationId, sub } = person;
      // Two links of one content may share a line item.
      const lineItems = new Map(await columnsOf(links));
      await Promise.all(
        [...lineItems].map(([lineItem, scopes]) =>
          store.put(lineItem, { ...grade, registrationId, sub, scopes }, clock.now()),
        ),
      );
    },

    async ofCourse(actor: Actor): Promise<{ row: PlacedGrade; person: Person | null }[]> {
      const rows = await placed(actor.courseId, await store.ofCourse(actor.courseId));
      // One of each column tells whether the gradebook shows what it takes.
      await deps.look([...new Map(rows.map((row) => [row.lineItem, row])).values()]);
      const people = await deps.findPeople([...new Set(rows.map(({ personId }) => personId))]);
      const byId = new Map(people.map((person) => [person.id, person]));
      return rows.map((row) => ({ row, person: byId.get(row.personId) ?? null }));
    },

    async troubledLineItems({ courseId }: Actor): Promise<TroubledLineItem[]> {
      const shown = (await deps.lineItems.troubled(courseId, clock.now())).map(async (lineItem) => {
        const link = await deps.findLink(courseId, lineItem.linkId);
        if (!link?.content) return [];
        // By now a launch has named one.
        const named = link.lineItem !== '' && !lineItem.gone.includes(link.lineItem);
        if (named && lineItem.lineItem === '') return [];
        return [{ lineItem, title: await deps.titleOf(courseId, link.content) }];
      });
      return (await Promise.all(shown)).flat();
    },

    async seekAgain(actor: Actor, id: string): Promise<void> {
      if ((await deps.lineItems.revive(actor.courseId, clock.now(), id)) === 0) throw notFound();
    },

    /** One row of the course with its person, and what happened to it. @throws DomainError `not-found` */
    find,

    async held(actor: Actor, id: string): Promise<ResultAnswer & { found: FoundGrade }> {
      const found = await find(actor, id);
      const { row } = found;
      const registration = await deps.findRegistration(row.registrationId);
      if (registration?.state !== 'active') throw notFound();
      const access = { registration, scopes: row.scopes };
      return { ...(await deps.results.read(access, row.lineItem, row.sub)), found };
    },

    ofActor: async ({ courseId, personId }: Actor): Promise<PlacedGrade[]> =>
      placed(courseId, await ofPerson(courseId, personId)),

    async deliveries(courseId: string, personId: string, content: ContentRef): Promise<PlacedGrade[]> {
      const rows = await placed(courseId, await ofPerson(courseId, personId));
      return rows.filter((row) => row.content.kind === content.kind && row.content.id === content.id);
    },

    async again(actor: Actor, id?: string): Promise<number> {
      const count = await store.revive(actor.courseId, clock.now(), id);
      if (count === 0 && id !== undefined) throw notFound();
      return count;
    },
  };
}
