import type { TestApp } from './test-app.js';

/** A role of the test's LMS that this registration maps to methodist, for the whole centre. */
export const METHODIST = 'urn:school:zavuch';

/** Maps `METHODIST`, as an administrator does on the page of a platform's roles. */
export async function mapMethodist({ app, registration: { id } }: TestApp): Promise<void> {
  const registration = await app.lti.registrations.findOptionalById(id);
  if (registration === null) throw new Error('the registration is gone');
  if (registration.roles.some(({ uri }) => uri === METHODIST)) return;
  await app.lti.registrations.setRoles(registration, [
    ...registration.roles,
    { uri: METHODIST, role: 'methodist' },
  ]);
}
