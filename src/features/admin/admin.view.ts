import { fullName, NAMELESS, type PersonName } from '../../shared/names.js';
import type { AuditPage } from '../../infra/audit/index.js';
import type { FoundPerson, PeoplePage } from './operations/people.service.js';

/** @param email where it is shown: the list has no addresses */
export const personView = ({
  id,
  name,
  platform,
  places,
  email,
}: FoundPerson & { readonly email?: string }) => ({
  id,
  name: fullName(name),
  platform,
  places,
  ...(email !== undefined && { email }),
});

export const peopleView = ({ people, total, page, pages }: PeoplePage) => ({
  people: people.map(personView),
  total,
  pager: { page, pages },
});

function named<Who extends { readonly kind: string; readonly id: string; readonly name: string }>(
  who: Who,
  people: ReadonlyMap<string, PersonName>,
): Who {
  if (who.kind !== 'person' && who.kind !== 'platform-admin') return who;
  const name = fullName(people.get(who.id) ?? NAMELESS);
  return { ...who, name: name === '' ? `#${who.id.slice(-6)}` : name };
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
