import { expect } from 'chai';
import { FINISHED_TEST } from '../../../scripts/seed/marked-tests.js';
import { seedApp } from '../../../scripts/seed/index.js';
import { TYPE_NAMES } from '../../../src/features/assessments/types/index.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';

describe('the demo’s tests', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  const tests = new Map<string, string>();

  before(async () => {
    testApp = await startTestApp();
    const { clientId, deployments } = testApp.registration;
    const platform = { origin: testApp.lms.origin, clientId, deploymentId: deployments[0] ?? '' };
    await seedApp(testApp.app, platform);
    teacher = await testApp.launch({ person: '11', course: '2' });
    const listed = (await teacher.json('GET', 'tests')).data as { tests: { id: string; title: string }[] };
    for (const { id, title } of listed.tests) tests.set(title, id);
  });
  after(() => testApp.close());

  const of = (title: string): string => tests.get(title) ?? 'none';

  it('hold a question of every type', async () => {
    const asked = new Set<string>();
    for (const id of tests.values()) {
      const { questions } = (await teacher.json('GET', `tests/${id}`)).data as {
        questions: { type: string }[];
      };
      for (const { type } of questions) asked.add(type);
    }
    expect([...asked]).to.have.members([...TYPE_NAMES]);
  });

  it('have essays that wait to be marked by criteria', async () => {
    const test = of('Итоговая работа: вопросы всех видов');
    const { body } = await teacher.get(`tests/${test}/marking`);
    const key = /marking\/question\/([a-z2-9]{12})/.exec(body)?.[1] ?? '';
    const page = (await teacher.get(`tests/${test}/marking/question/${key}`)).body;
    expect(page).to.include('Рассуждение').and.include('name="level1"').and.include('ждут проверки');
  });

  it('have one that a class has finished, with statistics and charts', async () => {
    const { body } = await teacher.get(`tests/${of(FINISHED_TEST)}/statistics`);
    expect(body).to.include('По первым попыткам 12 обучающихся').and.include('По пятым частям группы');
    expect(body.match(/<svg[^>]*class="chart"/g)).to.have.length(2 + 4);
  });

  it('have a key that was corrected: the regrade lists whose points change', async () => {
    await testApp.app.jobs.drain();
    const plan = (await teacher.json('GET', `tests/${of(FINISHED_TEST)}/regrade`)).data as {
      changes: { name: string; from: number; to: number }[];
    };
    // Eleven of twelve answered by one of the two keys.
    expect(plan.changes).to.have.length(11);
    expect(plan.changes.filter(({ from, to }) => to > from)).to.have.length(6);
  });

  it('have a failed topic that a student has booked a consultation about', async () => {
    const student = await testApp.launch({ person: '120', course: '2' });
    const { upcoming } = (await student.json('GET', 'consultations')).data as {
      upcoming: { slotId: string }[];
    };
    const pages = await Promise.all(
      upcoming.map(async ({ slotId }) => (await student.get(`consultations/slots/${slotId}`)).body),
    );
    const about = pages.filter((body) => body.includes(FINISHED_TEST));
    expect(about).to.have.length(1);
    expect(about[0]).to.include('Решите неравенство −3x').and.include('Не понимаю, когда знак');
  });
});
