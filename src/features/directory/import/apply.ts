import type { CardContent } from '../cards/card.js';
import type { CardInput } from '../cards/revise.js';
import type { ImportedPerson } from './rows.js';

export interface ApplyOptions {
  readonly visibility: CardInput['visibility'];
  readonly consent: boolean;
  /** Ids of the associations that the person belongs to. */
  readonly associationIds: readonly string[];
}

const union = (kept: readonly string[], more: readonly string[] = []): string[] => [
  ...new Set([...kept, ...more]),
];

/**
 * What a card says with what a line of a table says: filled cells replace texts, lists grow, a contact takes the
 * place of the first of its kind. A new card, and new contacts, are for those whom the import names.
 */
export function withImported(
  card: CardContent,
  isNew: boolean,
  person: ImportedPerson,
  { visibility, consent, associationIds }: ApplyOptions,
): CardInput {
  const contacts = card.contacts.map(({ consent: _consent, ...contact }) => contact);
  const added: CardInput['contacts'][number][] = [];
  for (const { kind, value } of person.contacts) {
    const at = contacts.findIndex((contact) => contact.kind === kind);
    const own = contacts[at];
    if (own === undefined) added.push({ kind, value, purpose: 'any', hours: '', visibility });
    else contacts[at] = { ...own, value };
  }
  const education = person.education;
  const known =
    education !== null &&
    card.education.some(
      ({ speciality, qualification }) =>
        speciality === education.speciality && qualification === education.qualification,
    );
  return {
    ...card,
    name: {
      ...card.name,
      ...Object.fromEntries(Object.entries(person.name).filter(([, part]) => part !== '')),
    },
    position: person.texts.position ?? card.position,
    degree: person.texts.degree ?? card.degree,
    academicTitle: person.texts.academicTitle ?? card.academicTitle,
    experienceSince: person.texts.experienceSince ?? card.experienceSince,
    subjects: union(card.subjects, person.lists.subjects),
    programmes: union(card.programmes, person.lists.programmes),
    associationIds: union(card.associationIds, associationIds),
    education:
      education === null || known
        ? card.education
        : [...card.education, { level: 'specialist', ...education }],
    visibility: isNew ? visibility : card.visibility,
    contacts: [...contacts, ...added],
    details: {
      ...card.details,
      hours: { ...card.details.hours, value: person.texts.hours ?? card.details.hours.value },
    },
    consent,
  };
}
