import { fullName } from '../../shared/names.js';
import type { AuditPage } from '../audit/index.js';
import type { PeoplePage } from './people.service.js';

export const peopleView = ({ people, total, page, pages }: PeoplePage) => ({
  people: people.map(({ id, name, platform, places }) => ({ id, name: fullName(name), platform, places })),
  total,
  pager: { page, pages },
});

export const auditView = ({ entries, page, pages }: AuditPage) => ({
  entries: entries.map(({ at, actor, effective, action, subject, before, after }) => ({
    at,
    actor,
    effective,
    action,
    subject,
    changes: [...new Set([...Object.keys(before), ...Object.keys(after)])].map((field) => ({
      field,
      before: before[field] ?? '',
      after: after[field] ?? '',
    })),
  })),
  pager: { page, pages },
});
