import type { Actor } from '../../shared/actor.js';
import { createRegistry } from '../../shared/registry.js';
import type { AssociationUses } from './associations/association-uses.js';
import { NO_SELF_CHECKS, type SelfChecks, type TestRef } from './materials/self-checks.js';
import type { BookableTime, FreeTimes } from './public/free-times.js';
import type { MembershipFeature } from '../membership/index.js';
import type { TaughtClasses } from './public/taught-classes.js';

/** What pages show of other features. These fill the registries at start; `sources` ask all of them. */
export function createFromOtherFeatures(courses: Pick<MembershipFeature['courses'], 'findMany'>) {
  const freeTimes = createRegistry<FreeTimes>();
  const taughtClasses = createRegistry<TaughtClasses>();
  const selfChecks = createRegistry<SelfChecks>();
  const associationUses = createRegistry<AssociationUses>();
  const tried = (): SelfChecks => selfChecks.all()[0] ?? NO_SELF_CHECKS;
  const sources = {
    freeTimes: {
      async nextFreeOf(personIds: readonly string[], limit: number): Promise<BookableTime[]> {
        if (personIds.length === 0) return [];
        const found = await Promise.all(freeTimes.all().map((times) => times.nextFreeOf(personIds, limit)));
        const next = found.flat().slice(0, limit);
        if (next.length === 0) return [];
        const known = await courses.findMany([...new Set(next.map(({ courseId }) => courseId))]);
        const keys = new Map(known.map(({ id, key }) => [id, key]));
        return next.flatMap((time) => {
          const courseKey = keys.get(time.courseId);
          return courseKey === undefined ? [] : [{ ...time, courseKey }];
        });
      },
    },
    selfChecks: {
      listFor: (actor: Actor) => tried().listFor(actor),
      titleOf: (ref: TestRef) => tried().titleOf(ref),
      page: (...given: Parameters<SelfChecks['page']>) => tried().page(...given),
    },
    taughtClasses: {
      async nextClassesOf(personIds: readonly string[], limit: number) {
        if (personIds.length === 0) return [];
        const found = await Promise.all(
          taughtClasses.all().map((classes) => classes.nextClassesOf(personIds, limit)),
        );
        return found.flat().slice(0, limit);
      },
    },
  };
  const usesAssociation = async (id: string): Promise<boolean> =>
    (await Promise.all(associationUses.all().map((uses) => uses.usesAssociation(id)))).includes(true);
  return { freeTimes, taughtClasses, selfChecks, associationUses, sources, usesAssociation };
}
