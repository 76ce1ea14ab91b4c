import { expect } from 'chai';
import { countsOf, sheetGrade } from '../../../src/features/assessments/results/sheet.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { ask, CAPITAL, makeTest, take, TSAR } from './fixtures.js';

interface Listed {
  readonly items: readonly { readonly subject: string }[];
}

describe('the results of a test', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let idle: Visitor;
  let test: string;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    idle = await testApp.launch({ person: '103', course: '2' });
    const settings = { title: 'Реформы', scale: 'five', thresholds: ['50', '70', '85'] };
    test = await makeTest(teacher, settings, [CAPITAL, TSAR]);
    await take(student, test, { [CAPITAL.text]: ['Москва'], [TSAR.text]: ['петр'] });
  });
  after(() => testApp.close());

  const heard = async (visitor: Visitor): Promise<string[]> => {
    await testApp.app.jobs.drain();
    const { data } = (await visitor.json('GET', 'notifications')) as { data: Listed };
    return data.items.map(({ subject }) => subject);
  };

  describe('message to students', () => {
    const form = async (query = ''): Promise<{ people: string[]; key: string }> => {
      const { body } = await teacher.get(`tests/${test}/messages/new${query}`);
      return {
        people: [...body.matchAll(/name="person"\s+value="([0-9a-f]{24})"/g)].map(([, id]) => id ?? ''),
        key: /name="key" value="([\w-]+)"/.exec(body)?.[1] ?? '',
      };
    };

    it('goes to those whom the list shows, once, and to no other', async () => {
      const { people, key } = await form('?state=notStarted');
      const fields = { text: 'Тест открыт до пятницы', person: people, key };
      for (let times = 0; times < 2; times += 1) {
        expect((await ask(teacher, 'POST', `tests/${test}/messages`, fields)).status).to.equal(303);
      }
      expect((await heard(idle)).filter((subject) => subject.includes('Реформы'))).to.have.length(1);
      expect((await heard(student)).filter((subject) => subject.includes('Сообщение о тесте'))).to.deep.equal(
        [],
      );
    });

    it('keeps text and ticks when something is missing', async () => {
      const { people, key } = await form();
      const page = await teacher.submit(`tests/${test}/messages`, {
        text: '',
        person: people.slice(0, 1),
        key,
      });
      expect(page.status).to.equal(400);
      expect(page.body.match(/name="person"[^>]*checked/g)).to.have.length(1);
      const none = await teacher.submit(`tests/${test}/messages`, { text: 'Кому?', key });
      expect(none.body)
        .to.include('Кому?')
        .and.not.match(/name="person"[^>]*checked/);
    });

    it('is refused to a person who is not among them, and from a student', async () => {
      const { key } = await form();
      const fields = { text: 'Привет', person: ['0'.repeat(24)], key };
      expect((await ask(teacher, 'POST', `tests/${test}/messages`, fields)).status).to.equal(404);
      expect((await ask(student, 'POST', `tests/${test}/messages`, fields)).status).to.equal(403);
    });
  });

  describe('sheet to print', () => {
    it('has a line for each student with the grade in words, totals, and lines to sign', async () => {
      const { body } = await teacher.get(`tests/${test}/sheet?teacher=Иванова А. А.&date=2026-12-24`);
      expect(body)
        .to.include('Иванова А. А.')
        .and.include('24 декабря 2026')
        .and.match(/Абрамов[^<]*<\/td>\s*<td class="figure">3 \/ 3<\/td>\s*<td>отлично<\/td>/)
        .and.include('не проходил')
        .and.match(/class="who">Преподаватель<[^]*class="line">Иванова А. А.</)
        .and.include('class="who">Руководитель<');
    });

    it('keeps to the group and state chosen in the list', async () => {
      const { body } = await teacher.get(`tests/${test}/sheet?state=finished`);
      expect(body).to.include('Абрамов').and.not.include('не проходил');
    });

    it('refuses a day that is none', async () => {
      const answer = await ask(teacher, 'GET', `tests/${test}/sheet?date=2026-02-30`);
      expect([answer.status, Object.keys(answer.data.fields)]).to.deep.equal([400, ['date']]);
    });

    it('words a grade by the scale of the test', () => {
      const of = (scale: 'five' | 'pass' | 'points', scoreGiven: number) => {
        const terms = { scale, thresholds: [50, 70, 85], passPercent: 60 };
        return sheetGrade(terms, { scoreGiven, scoreMaximum: 10, submittedAt: new Date(), number: 1 });
      };
      expect([of('five', 4.9), of('five', 8.5)]).to.deep.equal([{ key: 'five2' }, { key: 'five5' }]);
      expect([of('pass', 6), of('pass', 5.9)]).to.deep.equal([{ key: 'passed' }, { key: 'failed' }]);
      expect(of('points', 5)).to.deep.equal({ key: 'percent', percent: 50 });
    });

    it('counts the grades, best first, and those without one last', () => {
      expect(countsOf([null, { key: 'five3' }, { key: 'five5' }, { key: 'five3' }])).to.deep.equal([
        { key: 'five5', count: 1 },
        { key: 'five3', count: 2 },
        { key: 'absent', count: 1 },
      ]);
    });
  });
});
