import { expect } from 'chai';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { launchSelection } from '../../support/lms.js';
import { launchAs } from './support.js';

describe('directory: as a link in a course', () => {
  let testApp: TestApp;
  before(async () => {
    testApp = await startTestApp();
  });
  after(() => testApp.close());

  it('is offered to teachers who choose what to place', async () => {
    const { response } = await launchSelection(testApp.lms, { person: '11', course: '2' });
    expect(response.text).to.include('value="directory:centre"').and.include('Преподаватели центра');
  });

  it('opens the directory inside the course', async () => {
    const visitor = await launchAs(testApp, 'student', '101', {
      claims: {
        'https://purl.imsglobal.org/spec/lti/claim/custom': {
          nastavnik_kind: 'directory',
          nastavnik_id: 'centre',
        },
      },
    });
    expect(visitor.landing!.url).to.equal(`${testApp.origin}/c/${visitor.key!}/directory`);
    expect(visitor.landing!.text).to.match(/<a\s+href="[^"]+\/directory"\s+aria-current="page"\s*>/);
    // Pages of a course belong to its reader: nobody keeps them, and search engines are told nothing.
    expect(visitor.landing!.headers.get('cache-control')).to.equal('no-store');
    expect(visitor.landing!.text).to.not.match(/rel="canonical"|ld\+json/);
  });
});
