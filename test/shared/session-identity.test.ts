import { expect } from 'chai';
import { NAMELESS } from '../../src/shared/names.js';
import { lookAs, type SessionIdentity } from '../../src/shared/session-identity.js';
import { csrfTokens } from '../../src/web/csrf.js';

const identity: SessionIdentity = {
  registrationId: 'r1',
  personId: 'anna',
  name: NAMELESS,
  course: {
    courseId: 'id-algebra',
    courseKey: 'algebra',
    courseTitle: '',
    launchedAt: 0,
    frameOrigins: [],
  },
};

describe('a session identity', () => {
  it('views its course as another person until the view ends', () => {
    const viewing = { personId: 'boris', name: NAMELESS };
    const looking = lookAs(identity, viewing);
    expect(looking.course.viewing).to.deep.equal(viewing);
    expect(lookAs(looking, null)).to.deep.equal(identity);
  });
});

describe('the token of forms', () => {
  it('is the same for all sessions of a person, and another for each person and registration', () => {
    const token = csrfTokens('secret')(identity);
    expect(csrfTokens('secret')({ ...identity })).to.equal(token);
    expect(csrfTokens('secret')({ ...identity, personId: 'boris' })).not.to.equal(token);
    expect(csrfTokens('secret')({ ...identity, registrationId: 'r2' })).not.to.equal(token);
    expect(csrfTokens('other secret')(identity)).not.to.equal(token);
    expect(csrfTokens('s')({ registrationId: 'a', personId: 'bc' })).not.to.equal(
      csrfTokens('s')({ registrationId: 'ab', personId: 'c' }),
    );
  });
});
