import { DomainError } from '../../../shared/errors.js';
import type { RetentionRule } from '../../../shared/retention.js';
import type { MembershipFeature } from '../../membership/index.js';
import type { PrivacyService } from '../privacy.service.js';

export interface PeopleRetentionDeps {
  readonly personQueries: Pick<MembershipFeature['personQueries'], 'studentsLeftBefore'>;
  readonly privacy: Pick<PrivacyService, 'erase'>;
}

/** Students who left all their courses long ago are erased, as by the button on the page of a person. */
export function peopleRetention({ personQueries, privacy }: PeopleRetentionDeps): RetentionRule {
  return {
    name: 'people',
    months: [12, 24, 36, 60, 120],
    usual: null,
    count: async (before) => (await personQueries.studentsLeftBefore(before)).length,
    async remove(before, limit, by) {
      let erased = 0;
      for (const id of await personQueries.studentsLeftBefore(before)) {
        if (erased >= limit) break;
        try {
          await privacy.erase(by, id);
          erased += 1;
        } catch (error) {
          // Something of theirs is to come, or the erasure is under way.
          if (!(error instanceof DomainError)) throw error;
        }
      }
      return erased;
    },
  };
}
