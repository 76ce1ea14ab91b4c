import { expect } from 'chai';
import { NAMELESS } from '../../src/shared/names.js';
import { EMPTY_SITTING, findSeat, takeSeat, type Sitting } from '../../src/shared/sitting.js';

let counter = 0;
const newCsrf = () => `csrf${++counter}`;

const sit = (sitting: Sitting, registrationId: string, personId: string, courseKey: string): Sitting =>
  takeSeat(
    sitting,
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

describe('a sitting', () => {
  it("keeps a person's other courses, and their token", () => {
    const one = sit(EMPTY_SITTING, 'r1', 'anna', 'algebra');
    const two = sit(one, 'r1', 'anna', 'geometry');
    expect(findSeat(two, 'algebra')?.seat.csrf).to.equal(findSeat(one, 'algebra')?.seat.csrf);
    expect(findSeat(two, 'geometry')?.course.courseId).to.equal('id-geometry');
  });

  it('another person of the same registration replaces the first, with a new token', () => {
    const anna = sit(sit(EMPTY_SITTING, 'r1', 'anna', 'algebra'), 'r1', 'anna', 'geometry');
    const boris = sit(anna, 'r1', 'boris', 'geometry');
    expect(findSeat(boris, 'algebra')).to.equal(null);
    expect(findSeat(boris, 'geometry')?.seat.personId).to.equal('boris');
    expect(findSeat(boris, 'geometry')?.seat.csrf).not.to.equal(findSeat(anna, 'geometry')?.seat.csrf);
  });

  it('keeps people of other registrations', () => {
    const both = sit(sit(EMPTY_SITTING, 'r1', 'anna', 'algebra'), 'r2', 'boris', 'history');
    expect(findSeat(both, 'algebra')?.seat.personId).to.equal('anna');
    expect(findSeat(both, 'history')?.seat.personId).to.equal('boris');
  });

  it('forgets the oldest of very many courses', () => {
    let sitting: Sitting = EMPTY_SITTING;
    for (let i = 0; i < 41; i++) sitting = sit(sitting, 'r1', 'anna', `c${i}`);
    expect(findSeat(sitting, 'c0')).to.equal(null);
    expect(findSeat(sitting, 'c1')).not.to.equal(null);
  });
});
