import { detailsOf, type Post, type Visibility } from '../../../src/features/directory/index.js';
import type { TestApp } from '../../support/test-app.js';

export interface StaffCard {
  readonly surname: string;
  readonly email?: string;
  /** `staff` if absent; with `public` comes the consent. */
  readonly visibility?: Visibility;
  readonly posts?: readonly Post[];
  readonly personIds?: readonly string[];
  readonly associationIds?: readonly string[];
}

/** Makes a card of a person of the centre. */
export const makeStaff = (
  { app }: TestApp,
  { surname, email = '', visibility = 'staff', posts = [], personIds = [], associationIds = [] }: StaffCard,
) =>
  app.features.directory.upsertCard(
    {
      name: { surname, givenName: 'Мария', patronymic: '' },
      ...{ position: '', subjects: [], posts, personIds, associationIds },
      ...{ visibility, consent: visibility === 'public' },
      contacts:
        email === '' ? [] : [{ kind: 'email', value: email, purpose: 'any', hours: '', visibility: 'staff' }],
      details: detailsOf(() => ({ value: '', visibility: 'staff' as const })),
    },
    { personId: '', name: '' },
  );

/** Id of the person whom the LMS knows by this `sub`. */
export const personIdOf = async ({ storage }: TestApp, sub: string): Promise<string> =>
  String((await storage.connection.model('Person').findOne({ sub }).lean<{ _id: unknown } | null>())?._id);
