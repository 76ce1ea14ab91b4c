import type { Actor } from '../../../shared/actor.js';
import type { ContentItem, ContentKind, ContentRef } from '../../../shared/content.js';
import { badInput, conflict, forbidden, notFound } from '../../../shared/errors.js';
import type { CoursesStore } from '../../membership/index.js';
import type { LinksStore, ResourceLink } from '../links.store.js';
import { createCopyPolicy } from './course-copy.policy.js';
import { createCopySources, type Arrival } from './course-copy.sources.js';
import type { OriginsStore } from './course-copy-sources.store.js';

/**
 * Course copy. An LMS that copies a course copies its links with their custom parameters, which then name a thing
 * of another course. The author of a link can write any id into it, so the id alone opens nothing: the content is
 * copied at once only if the platform says that this course comes from that one. Otherwise a person who teaches in both
 * courses, or an administrator, confirms it once for the whole course.
 */
export interface CopyingDeps {
  readonly courses: Pick<CoursesStore, 'findOptional' | 'findOptionalByContext' | 'membership'>;
  readonly links: LinksStore;
  readonly origins: OriginsStore;
  readonly kinds: () => readonly ContentKind[];
}

/** A link as its page shows it to a teacher. */
export interface LinkState {
  readonly link: ResourceLink;
  readonly label: string;
  /** What of this course it may open instead. */
  readonly items: readonly ContentItem[];
  /** `opens`: a thing of this course. `waits`: for a confirmation. `gone`: nothing stands behind it. */
  readonly state: 'opens' | 'waits' | 'gone';
  /** What it opens, below `/c/<course key>/`. */
  readonly path: string;
  /** While it waits: the other course, for those who may confirm. */
  readonly source: { readonly courseTitle: string } | null;
}

export interface CopyingService {
  /**
   * What a link opens here, given what its custom parameters name; copies it where the platform vouches.
   * @returns null if it belongs to another course without confirmation
   */
  resolve(arrival: Arrival, sent: ContentRef): Promise<ContentRef | null>;
  /** Whether the link opens a thing that stands in its course. */
  stands(resourceLink: ResourceLink): Promise<boolean>;
  /** @throws DomainError `not-found` for links of other courses, and of what is never copied */
  show(actor: Actor, id: string): Promise<LinkState>;
  /**
   * Confirms that the course was copied from the one that the link waits for, and copies all that its links wait for
   * from there.
   * @throws DomainError `copy-not-yours` (403); `copy-done` (409) when it waits no longer
   */
  confirm(actor: Actor, id: string): Promise<void>;
  /** The link opens another thing of this course from now on. @throws DomainError `bad-input` on `content` */
  choose(actor: Actor, id: string, contentId: string): Promise<void>;
}

export function createCopyingService({ courses, links, origins, kinds }: CopyingDeps): CopyingService {
  const policy = createCopyPolicy(courses);
  const sourcesOf = createCopySources(courses, origins);
  const kindOf = (content: ContentRef | null): ContentKind | undefined =>
    kinds().find(({ kind }) => kind === content?.kind);

  /** The course whose thing a link waits for. */
  async function foreignHome(course: { courseId: string }, sent: ContentRef | null): Promise<string | null> {
    const home = sent && ((await kindOf(sent)?.copies?.courseOf(sent.id)) ?? null);
    return home === course.courseId ? null : home;
  }

  /** Whether the link opens a thing that stands in its course. */
  async function stands({ courseId, content }: ResourceLink): Promise<boolean> {
    const copies = kindOf(content)?.copies;
    return content === null || copies === undefined || (await copies.courseOf(content.id)) === courseId;
  }

  /** The other course whose thing this link is to open; null when it opens one of its own, or nothing is left. */
  const waitsFor = async (link: ResourceLink): Promise<string | null> =>
    link.content !== null && (await stands(link)) ? null : foreignHome(link, link.sent);

  async function find(actor: Actor, id: string): Promise<ResourceLink> {
    const link = await links.findOptional(actor.courseId, id);
    if (link === null || kindOf(link.sent)?.copies === undefined) throw notFound();
    return link;
  }

  async function open(actor: Actor, link: ResourceLink, content: ContentRef): Promise<void> {
    if ((await links.open(actor.courseId, link.id, content)) === null) throw notFound();
  }

  return {
    async resolve(arrival: Arrival, sent: ContentRef): Promise<ContentRef | null> {
      const copies = kindOf(sent)?.copies;
      if (copies === undefined) return sent;
      const { course } = arrival;
      const here = await copies.standIn(course.id, sent.id);
      if (here !== null) return { kind: sent.kind, id: here };
      const home = await copies.courseOf(sent.id);
      for (const source of await sourcesOf(arrival)) {
        // In a copy of a copy the nearest course's own version counts.
        const id = await copies.standIn(source.id, sent.id);
        if (id === null) continue;
        if (await policy.wouldSeeAnswers(arrival, source)) return null;
        const copied = await copies.copy(id, { courseId: source.id, title: source.title }, course.id);
        if (copied !== null) return { kind: sent.kind, id: copied };
      }
      // What is nowhere is said to be nowhere by its own room.
      return home === null || home === course.id ? sent : null;
    },

    stands,

    async show(actor: Actor, id: string): Promise<LinkState> {
      const link = await find(actor, id);
      const kind = kindOf(link.sent);
      if (kind === undefined) throw notFound();
      const home = await waitsFor(link);
      const source =
        home !== null && (await policy.mayConfirm(actor, home)) ? await courses.findOptional(home) : null;
      return {
        link,
        label: kind.label,
        items: await kind.list(actor),
        state: home !== null ? 'waits' : (await stands(link)) && link.content ? 'opens' : 'gone',
        path: link.content === null ? '' : kind.path(link.content.id),
        source: source && { courseTitle: source.title },
      };
    },

    async confirm(actor: Actor, id: string): Promise<void> {
      const link = await find(actor, id);
      const home = await waitsFor(link);
      if (home === null || link.sent === null) throw conflict('copy-done');
      if (!(await policy.mayConfirm(actor, home))) throw forbidden('copy-not-yours');
      const [course, source] = await Promise.all([
        courses.findOptional(actor.courseId),
        courses.findOptional(home),
      ]);
      if (course === null || source === null) throw conflict('copy-done');
      // Links that have not been launched yet are copied by this at their first launch.
      await origins.confirm(course, source.id);
      const waiting = [link, ...(await links.waitingIn(course.id)).filter(({ id }) => id !== link.id)];
      for (const other of waiting) {
        const { sent } = other;
        if (sent === null || (await waitsFor(other)) !== home) continue;
        const copied = await kindOf(sent)?.copies?.copy(
          sent.id,
          { courseId: source.id, title: source.title },
          course.id,
        );
        if (copied !== undefined && copied !== null)
          await open(actor, other, { kind: sent.kind, id: copied });
      }
    },

    async choose(actor: Actor, id: string, contentId: string): Promise<void> {
      const link = await find(actor, id);
      const kind = kindOf(link.sent);
      const item = (await kind?.list(actor))?.find((item) => item.id === contentId);
      if (kind === undefined || item === undefined) throw badInput({ content: 'errors.field.wrong' });
      await open(actor, link, { kind: kind.kind, id: item.id });
    },
  };
}
