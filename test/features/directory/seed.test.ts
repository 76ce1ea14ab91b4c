import { expect } from 'chai';
import * as centre from '../../../scripts/demo-lms/centre.js';
import { seedDirectory } from '../../../scripts/seed/directory.js';
import { detailsOf, NO_CREDENTIALS } from '../../../src/features/directory/index.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { dataOf, launchAs, namesIn } from './support.js';

describe('directory: the demo centre', function () {
  this.timeout(120_000);
  let testApp: TestApp;
  const seed = async (): Promise<void> => {
    const { people } = testApp.app.features.membership;
    const registrationId = testApp.registration.id;
    const met = await Promise.all(
      [centre.methodist, ...centre.teachers].map(async ({ id, surname, givenName, patronymic, email }) => {
        const name = { surname, givenName, patronymic };
        return [id, (await people.upsertFromLaunch({ registrationId, sub: id, name, email })).id] as const;
      }),
    );
    await seedDirectory(testApp.app.features.directory, {
      now: testApp.clock.now(),
      registrationId,
      people: new Map(met),
      courses: new Map(),
      actor: () => {
        throw new Error('nobody acts here');
      },
    });
  };

  before(async () => {
    testApp = await startTestApp();
    await seed();
  });
  after(() => testApp.close());

  it('has its teachers, associations and responsible persons, and hides what they hide', async () => {
    const open = testApp.anonymous();
    const names = namesIn(await dataOf(open, '/teachers'));
    expect(names).to.have.length(15);
    expect(names.slice(0, 4)).to.deep.equal([
      'Белова Наталья Сергеевна',
      'Воронцова Галина Степановна',
      'Григорьев Андрей Павлович',
      'Ёлкин Семён Аркадьевич',
    ]);
    expect(names.join()).to.not.include('Штерн');
    const { associations } = await dataOf<{ associations: { head: { fullName: string }; count: number }[] }>(
      open,
      '/associations',
    );
    expect(associations).to.have.length(5);
    expect(associations.every(({ head, count }) => head.fullName !== '' && count > 0)).to.equal(true);
    const { persons } = await dataOf<{ persons: { posts: string[]; contacts: unknown[] }[] }>(
      open,
      '/responsible',
    );
    expect(persons.slice(0, 4).map(({ posts }) => posts[0])).to.deep.equal([
      'director',
      'deputyStudy',
      'deputyMethod',
      'departmentHead',
    ]);
    expect(persons).to.have.length(9);
    expect(persons.every(({ contacts }) => contacts.length > 0)).to.equal(true);
  });

  it('links a teacher to the existing card at the launch', async () => {
    const visitor = await launchAs(testApp, 'teacher', '21');
    const { headers } = await visitor.json('GET', 'directory/mine');
    expect(headers.get('location')).to.include('/teachers/elkin-semen-arkadevich/edit');
    const person = await testApp.app.features.membership.people.upsertFromLaunch({
      registrationId: testApp.registration.id,
      sub: '21',
      name: { surname: 'Ёлкин', givenName: 'Семён', patronymic: 'Аркадьевич' },
      email: '',
    });
    const card = await testApp.app.features.directory.cardOfPerson(person.id);
    expect(card).to.include({ slug: 'elkin-semen-arkadevich', visibility: 'public' });
    expect(card).to.not.have.any.keys('details', 'journal', 'personIds');
    expect(await testApp.app.features.directory.cardOfPerson('nobody')).to.equal(null);
  });

  it('is filled once', async () => {
    await seed();
    expect(await testApp.app.features.directory.countCards()).to.equal(16);
  });

  it('an import for a person of another LMS joins the card that the first person has', async () => {
    const room = testApp.app.features.directory;
    const [name, email] = [{ surname: 'Белова', givenName: 'Наталья', patronymic: 'Сергеевна' }, ''];
    const here = await testApp.app.features.membership.people.upsertFromLaunch({
      registrationId: testApp.registration.id,
      sub: '13',
      name,
      email,
    });
    const there = await testApp.app.features.membership.people.upsertFromLaunch({
      registrationId: 'another',
      sub: '7',
      name,
      email,
    });
    const known = (await room.cardOfPerson(here.id))!;
    const joined = await room.upsertCard(
      {
        name,
        position: 'Преподаватель',
        subjects: ['Физика'],
        associationIds: [],
        posts: [],
        visibility: 'staff',
        ...NO_CREDENTIALS,
        contacts: [],
        details: detailsOf(() => ({ value: '', visibility: 'staff' })),
        consent: false,
        personIds: [here.id, there.id],
      },
      { personId: '', name: 'Импорт' },
    );
    expect(joined.id).to.equal(known.id);
    expect((await room.cardOfPerson(there.id))!.id).to.equal(known.id);
    expect(await room.countCards()).to.equal(16);
  });
});
