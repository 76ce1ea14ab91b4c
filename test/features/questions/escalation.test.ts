import { expect } from 'chai';
import type { Question } from '../../../src/features/questions/index.js';
import { DAY, MINUTE } from '../../../src/shared/clock.js';
import { newToken } from '../../../src/shared/ids.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { launchAs } from '../directory/support.js';
import { makeStaff, personIdOf } from '../directory/organisation.js';

const BY = { personId: '', name: '' };

/** Whom a question without an answer reaches when persons of the centre have left. */
describe('a question without an answer', () => {
  let testApp: TestApp;
  /** Person ids of two teachers of the course. */
  let asked: string;
  let leading: string;
  let association: string;

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    // Posts are taken by a job each hour: between its runs, their days alone tell who holds them.
    await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
    await testApp.launch({ person: '12', course: '2' });
    await testApp.launch({ person: '13', course: '2' });
    [asked, leading] = [await personIdOf(testApp, '12'), await personIdOf(testApp, '13')];
    association = (await setHead('')).id;
    await makeStaff(testApp, { surname: 'Григорьев', personIds: [asked], associationIds: [association] });
  });
  after(() => testApp.close());

  const organisation = () => testApp.app.features.directory.organisation;
  const setHead = (head: string) =>
    testApp.app.features.directory.upsertAssociation({ title: 'Информатики', description: '', head });
  const staff = (surname: string, more: Partial<Parameters<typeof makeStaff>[1]> = {}) =>
    makeStaff(testApp, { surname, email: `${surname}@example.org`, ...more });
  const remove = async ({ slug }: { slug: string }): Promise<void> => {
    const manager = await launchAs(testApp, 'methodist', '3');
    const removed = await manager.json('POST', `directory/teachers/${slug}/remove`);
    expect(removed.status, JSON.stringify(removed.data)).to.equal(303);
  };

  const ask = async (to = `teacher:${asked}`): Promise<string> => {
    const student = await testApp.launch({ person: '103', course: '2' });
    const sent = await student.submit('questions/new', { to, text: 'Без ответа', key: newToken() });
    return /questions\/([0-9a-f]{24})/.exec(sent.url)?.[1] ?? '';
  };
  const find = async (id: string): Promise<Question> =>
    (await testApp.app.features.questions.findQuestion(id))!;
  /** Takes the next step of a question when it is due, and returns the level. */
  const passOn = async (id: string): Promise<number> => {
    const { escalateAt } = await find(id);
    testApp.clock.advance(escalateAt!.getTime() - testApp.clock.now().getTime() + MINUTE);
    await testApp.app.features.questions.escalation.escalateDue();
    return (await find(id)).escalation;
  };
  /** Surnames of those who were told of a question, in the order of the messages. */
  const told = async (id: string): Promise<string[]> => {
    await testApp.app.jobs.drain();
    const { messages } = (await testApp.anonymous().json('GET', '/outbox')).data as {
      messages: { text: string; to: { address: string } }[];
    };
    return messages
      .filter(({ text }) => text.includes(`/staff/questions/${id}`))
      .map(({ to }) => to.address.split('@')[0]!)
      .reverse();
  };

  it('waits while no person holds a place, and goes on once one does', async () => {
    const id = await ask();
    expect(await passOn(id)).to.equal(0);
    expect(await told(id)).to.deep.equal([]);
    const director = await staff('direktor', { posts: ['director'] });
    expect(await passOn(id)).to.equal(2);
    expect(await told(id)).to.deep.equal(['direktor']);
    await remove(director);
  });

  it('goes to the deputies when the card of the head is removed, before or after they were told', async () => {
    await staff('zamestitel', { posts: ['deputyStudy'] });
    const head = await staff('glavnaya');
    await setHead(head.slug);
    const id = await ask();
    expect(await passOn(id)).to.equal(1);
    expect(await told(id)).to.deep.equal(['glavnaya']);
    await remove(head);
    expect(await passOn(id)).to.equal(2);
    expect(await told(id)).to.deep.equal(['glavnaya', 'zamestitel']);
    const next = await ask();
    expect(await passOn(next)).to.equal(2);
    expect(await told(next)).to.deep.equal(['zamestitel']);
  });

  it('goes to the card that the head’s was merged into, with the department and the end of the post', async () => {
    const kept = await staff('edinaya');
    const double = await makeStaff(testApp, { surname: 'Двойная' });
    await setHead(double.slug);
    const { id: department } = await organisation().saveUnit('department', null, 0, {
      ...{ title: 'Отдел', headId: double.id, members: [] },
    });
    const until = new Date(testApp.clock.now().getTime() + 300 * DAY).toISOString().slice(0, 10);
    await organisation().setHolder('departmentHead', double.id, true, BY, { since: '', until });
    const manager = await launchAs(testApp, 'methodist', '3');
    const { version } = (await testApp.storage.connection
      .model('DirectoryCard')
      .findById(kept.id)
      .lean<{ version: number }>())!;
    const merged = await manager.json('POST', `directory/teachers/${double.slug}/merge`, {
      ...{ into: kept.slug, version },
    });
    expect(merged.status, JSON.stringify(merged.data)).to.equal(303);
    const id = await ask();
    expect(await passOn(id)).to.equal(1);
    expect(await told(id)).to.deep.equal(['edinaya']);
    const departments = await organisation().listDepartments();
    expect(departments.find((unit) => unit.id === department)?.headId).to.equal(kept.id);
    const [holder] = await organisation().holdersOf(['departmentHead']);
    expect(holder).to.include({ cardId: kept.id, until });
    await remove(kept);
    expect((await organisation().listDepartments())[0]?.headId).to.equal('');
  });

  it('is not passed on to a deputy whose post has ended, but to the next who holds one', async () => {
    const [deputy] = await organisation().holdersOf(['deputyStudy']);
    const id = await ask();
    const today = testApp.clock.now().toISOString().slice(0, 10);
    const yesterday = new Date(testApp.clock.now().getTime() - 2 * DAY).toISOString().slice(0, 10);
    await organisation().setHolder('deputyStudy', deputy!.cardId, true, BY, {
      since: yesterday,
      until: today,
    });
    const director = await staff('direktor', { posts: ['director'] });
    expect(await passOn(id)).to.equal(2);
    expect((await organisation().dutiesOfCard(deputy!.cardId)).all).to.equal(false);
    expect(await told(id)).to.deep.equal(['direktor']);

    // Told, the director leaves as well: who follows is told once.
    await remove(director);
    await staff('novaya', { posts: ['deputyMethod'] });
    await passOn(id);
    await passOn(id);
    expect(await told(id)).to.deep.equal(['direktor', 'novaya']);
  });

  it('is not passed on to the head who owes the answer', async () => {
    const head = await staff('belova', { personIds: [leading], associationIds: [association] });
    await setHead(head.slug);
    const id = await ask(`teacher:${leading}`);
    expect(await passOn(id)).to.equal(2);
    expect(await told(id)).to.deep.equal(['novaya']);
  });

  it('to an association or to those who teach the course goes to the head of the association', async () => {
    const teacher = await testApp.launch({ person: '12', course: '2' });
    const outsider = await testApp.launch({ person: '21', course: '2' });
    const id = await ask(`association:${association}`);
    expect((await teacher.get(`questions/${id}`)).status).to.equal(200);
    expect((await outsider.get(`questions/${id}`)).status).to.equal(404);
    expect(await passOn(id)).to.equal(1);
    // The head is told as a person of the LMS, which knows an address of theirs.
    const heads = await told(id);
    expect(heads).to.have.length(1);
    const toAll = await ask('course');
    expect(await passOn(toAll)).to.equal(1);
    expect(await told(toAll)).to.deep.equal(heads);
  });
});
