import type { Card } from '../cards/card.js';
import type { Department, Holder } from './organisation.js';
import type { Unit } from './organisation.store.js';

export const holderOf = ({ id, name, personIds, contacts }: Card): Holder => ({
  cardId: id,
  name,
  personIds,
  email: contacts.find(({ kind }) => kind === 'email')?.value.toLowerCase() ?? '',
});

export const departmentOf = ({ id, title, headId, members, version }: Unit): Department => ({
  id,
  title,
  headId,
  associationIds: members,
  version,
});
