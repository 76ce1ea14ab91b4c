import { expect } from 'chai';
import { fixtureClaims, launchLink, launchSelection, type FixtureName } from '../support/lms.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const NONCE = 'nonce';

/** Launches recorded from a real Moodle 4.4, signed anew, through the whole of login and launch. */
describe('launches recorded from Moodle', () => {
  let testApp: TestApp;
  before(async () => {
    testApp = await startTestApp();
  });
  after(() => testApp.close());

  /** Replays a recorded launch in a browser of its own. @returns where it led and what the page says */
  async function replay(name: FixtureName) {
    const { response } = await launchLink(testApp.lms, {
      // Whose launch this is says the recording; the LMS's session only carries it.
      person: '2',
      course: '2',
      forge: ({ claims }) => fixtureClaims(testApp.lms, name, { [NONCE]: claims[NONCE] }),
    });
    return response;
  }

  const launches: [FixtureName, string, string][] = [
    ['launch-student01', 'Иванов И. А.', 'Обучающийся'],
    ['launch-student01-nograde', 'Иванов И. А.', 'Обучающийся'],
    ['launch-student01-private', 'Без имени', 'Обучающийся'],
    ['launch-student02-en', '', 'Student'],
    ['launch-student12-middlename', 'Морозова Д. Д.', 'Обучающийся'],
    ['launch-student30-oddname', 'Ким Л.', 'Обучающийся'],
    ['launch-teacher', 'Преподавателева О. Н.', 'Преподаватель'],
    ['launch-assistant-nonediting', '', 'Teacher'],
    ['launch-admin', '', 'Administrator'],
    ['launch-deeplinked-student01', 'Иванов И. А.', 'Обучающийся'],
    ['launch-dynreg-student12', '', 'Обучающийся'],
  ];
  for (const [name, person, role] of launches) {
    it(`${name} comes in as ${[person, role].filter(Boolean).join(', ')}`, async () => {
      const page = await replay(name);
      expect(page.status, page.text).to.equal(200);
      expect(new URL(page.url).pathname).to.match(/^\/c\/[a-z0-9]{12}\/$/);
      expect(page.text).to.contain(person).and.to.contain(role);
    });
  }

  it('splits names into surname, given name and patronymic', async () => {
    await replay('launch-student12-middlename');
    const people = testApp.storage.connection.model('Person');
    const found = await people.findOne({ 'name.surname': 'Морозова' }).lean();
    expect(found).to.nested.include({ 'name.givenName': 'Дарья', 'name.patronymic': 'Дмитриевна' });
  });

  it('shows the picker for deeplink-teacher', async () => {
    const { response } = await launchSelection(testApp.lms, {
      person: '3',
      course: '2',
      forge: ({ claims }) => fixtureClaims(testApp.lms, 'deeplink-teacher', { [NONCE]: claims[NONCE] }),
    });
    expect(response.status, response.text).to.equal(200);
    expect(new URL(response.url).pathname).to.match(/^\/c\/[a-z0-9]{12}\/deep-linking\//);
  });

  it('accepts submissionreview-teacher, whose message type ltijs does not know', async () => {
    const page = await replay('submissionreview-teacher');
    expect(page.status, page.text).to.equal(200);
    expect(page.text).to.contain('Преподавателева О. Н.');
  });
});
