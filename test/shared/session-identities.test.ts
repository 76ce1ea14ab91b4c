import { expect } from 'chai';
import { NAMELESS } from '../../src/shared/names.js';
import {
  NO_IDENTITIES,
  findIdentity,
  addLaunch,
  type SessionIdentities,
} from '../../src/shared/session-identities.js';

let counter = 0;
const newCsrf = () => `csrf${++counter}`;

const sit = (
  identities: SessionIdentities,
  registrationId: string,
  personId: string,
  courseKey: string,
): SessionIdentities =>
  addLaunch(
    identities,
    {
      registrationId,
      personId,
      name: NAMELESS,
      course: {
        courseId: `id-${courseKey}`,
        courseKey,
        courseTitle: '',
        role: 'student',
        launchedAt: 0,
        frameOrigins: [],
      },
    },
    newCsrf,
  );

describe('session identities', () => {
  it("keep a person's other courses and token at a new launch", () => {
    const item = sit(NO_IDENTITIES, 'r1', 'anna', 'algebra');
    const two = sit(item, 'r1', 'anna', 'geometry');
    expect(findIdentity(two, 'algebra')?.identity.csrf).to.equal(
      findIdentity(item, 'algebra')?.identity.csrf,
    );
    expect(findIdentity(two, 'geometry')?.course.courseId).to.equal('id-geometry');
  });

  it('replace the person when another one of the same registration is launched, with a new token', () => {
    const anna = sit(sit(NO_IDENTITIES, 'r1', 'anna', 'algebra'), 'r1', 'anna', 'geometry');
    const boris = sit(anna, 'r1', 'boris', 'geometry');
    expect(findIdentity(boris, 'algebra')).to.equal(null);
    expect(findIdentity(boris, 'geometry')?.identity.personId).to.equal('boris');
    expect(findIdentity(boris, 'geometry')?.identity.csrf).not.to.equal(
      findIdentity(anna, 'geometry')?.identity.csrf,
    );
  });

  it('keep people of other registrations', () => {
    const both = sit(sit(NO_IDENTITIES, 'r1', 'anna', 'algebra'), 'r2', 'boris', 'history');
    expect(findIdentity(both, 'algebra')?.identity.personId).to.equal('anna');
    expect(findIdentity(both, 'history')?.identity.personId).to.equal('boris');
  });

  it('drop the oldest courses above the limit', () => {
    let identities: SessionIdentities = NO_IDENTITIES;
    for (let i = 0; i < 41; i++) identities = sit(identities, 'r1', 'anna', `c${i}`);
    expect(findIdentity(identities, 'c0')).to.equal(null);
    expect(findIdentity(identities, 'c1')).not.to.equal(null);
  });
});
