import { expect } from 'chai';
import { startHouse, type House } from '../../support/house.js';
import { launchSelection } from '../../support/lms.js';
import { launchAs } from './support.js';

describe('directory: as a link in a course', () => {
  let house: House;
  before(async () => {
    house = await startHouse();
  });
  after(() => house.close());

  it('is offered to teachers who choose what to place', async () => {
    const { response } = await launchSelection(house.lms, { person: '11', course: '2' });
    expect(response.text).to.include('value="directory:centre"').and.include('Преподаватели центра');
  });

  it('opens the directory inside the course', async () => {
    const visitor = await launchAs(house, 'student', '101', {
      claims: {
        'https://purl.imsglobal.org/spec/lti/claim/custom': {
          nastavnik_kind: 'directory',
          nastavnik_id: 'centre',
        },
      },
    });
    expect(visitor.landing!.url).to.equal(`${house.origin}/c/${visitor.key!}/directory`);
    expect(visitor.landing!.text).to.match(/<a href="[^"]+\/directory" aria-current="page">/);
    // Pages of a course belong to its reader: nobody keeps them, and search engines are told nothing.
    expect(visitor.landing!.headers.get('cache-control')).to.equal('no-store');
    expect(visitor.landing!.text).to.not.match(/rel="canonical"|ld\+json/);
  });
});
