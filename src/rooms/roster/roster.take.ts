import { roleFrom, type Member, type Registration } from '../../lti/index.js';
import type { LaunchRoom } from '../launch/index.js';
import type { Roster } from './roster.store.js';

type Rolls = LaunchRoom['rolls'];

const AT_ONCE = 500;

/**
 * Brings a course's people in line with what its platform lists. Who never came is made known; who is listed no
 * more is marked, never deleted. What a launch has said stands: a roster shortens roles and names (Moodle lists
 * a non-editing teacher as a learner, and knows no patronymics), so it changes neither for those who have come.
 * @param began who came after this moment may be missing from the list, and has not left
 */
export async function takeRoster(
  rolls: Rolls,
  { courseId }: Roster,
  registration: Pick<Registration, 'id' | 'roles'>,
  members: readonly Member[],
  began: Date,
): Promise<void> {
  const active = members.filter((one) => one.active);
  const present = new Set<string>();
  for (let at = 0; at < active.length; at += AT_ONCE) {
    const some = active.slice(at, at + AT_ONCE);
    const people = await rolls.introduce(
      registration.id,
      some.map(({ userId, name, email }) => ({ sub: userId, name, email })),
    );
    const bySub = new Map(people.map((person) => [person.sub, person.id]));
    const seats = some.flatMap(({ userId, roles }) => {
      const personId = bySub.get(userId);
      return personId === undefined
        ? []
        : [{ courseId, personId, role: roleFrom(roles, registration.roles) }];
    });
    await rolls.enrol(courseId, seats);
    for (const { personId } of seats) present.add(personId);
  }
  // A list of nobody is a platform's mistake, not an empty course: whoever launched was in it.
  if (present.size > 0) await rolls.leave(courseId, present, began);
}
