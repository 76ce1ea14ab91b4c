import { fullName, type PersonName } from '../../shared/names.js';
import type { AuditPage } from '../audit/index.js';
import type { PeoplePage } from './people.service.js';

export const peopleView = ({ people, total, page, pages }: PeoplePage) => ({
  people: people.map(({ id, name, platform, places }) => ({ id, name: fullName(name), platform, places })),
  total,
  pager: { page, pages },
});

function named<Who extends { readonly kind: string; readonly id: string; readonly name: string }>(
  who: Who,
  people: ReadonlyMap<string, PersonName>,
): Who {
  if (who.kind !== 'person') return who;
  const name = people.get(who.id);
  return { ...who, name: (name && fullName(name)) ?? `#${who.id.slice(-6)}` };
}

/** @param people names of those who are known still, by id */
export const auditView = ({ entries, page, pages }: AuditPage, people: ReadonlyMap<string, PersonName>) => ({
  entries: entries.map(({ at, actor, effective, action, subject, before, after }) => ({
    at,
    actor: named(actor, people),
    effective: effective && named(effective, people),
    action,
    subject: named(subject, people),
    changes: [...new Set([...Object.keys(before), ...Object.keys(after)])].map((field) => ({
      field,
      before: before[field] ?? '',
      after: after[field] ?? '',
    })),
  })),
  pager: { page, pages },
});
