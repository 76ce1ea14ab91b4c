import { expect } from 'chai';
import { newToken } from '../../../src/shared/ids.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { listOf, mailsOf, wakeAlways } from '../notifications/support.js';
import { dataOf, slugIn } from './support.js';

interface Letter {
  to: { address: string };
  subject: string;
  text: string;
}

describe('contacts and materials by e-mail', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let ann: Visitor;
  let material: string;

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    ann = await testApp.launch({ person: '103', course: '2' });
    await testApp.launch({ person: '104', course: '2' });
    teacher = await testApp.launch({ person: '11', course: '2' });
    const made = await teacher.json('POST', 'directory/mine', {
      ...{ surname: 'Соколова', givenName: 'Елена', patronymic: 'Викторовна', visibility: 'students' },
      contacts: [
        {
          kind: 'telephone',
          value: '+79001234567',
          purpose: 'individual',
          hours: 'пн 9–12',
          visibility: 'students',
        },
        { kind: 'email', value: 'secret@example.org', visibility: 'staff' },
      ],
    });
    const slug = slugIn(made.headers);
    const added = await teacher.json('POST', `directory/teachers/${slug}/materials`, {
      ...{ kind: 'link', title: 'Задачник', url: 'https://tasks.example.org/7', audience: 'students' },
      sources: 'Учебник, гл. 2 https://book.example.org/2',
    });
    expect(added.status, JSON.stringify(added.data)).to.equal(303);
    material = /materials\/([a-z0-9-]+)/.exec(added.headers.get('location') ?? '')?.[1] ?? '';
  });
  after(() => testApp.close());

  const letters = async (): Promise<Letter[]> => {
    await testApp.app.jobs.drain();
    const { messages } = (await ann.json('GET', '/outbox')).data as { messages: Letter[] };
    return messages.filter(({ text }) => text.includes('Как со мной связаться'));
  };

  it('go to every student of the course with one button, once', async () => {
    const form = await dataOf<{ key: string; students: number; reachable: number }>(
      teacher,
      'directory/send',
    );
    expect(form).to.include({ students: 2, reachable: 2 });
    const fields = { key: form.key, contacts: '1', materials: [material], note: 'Жду на консультации.' };
    const sent = await teacher.submit('directory/send', fields);
    expect(sent.url, sent.body).to.include('directory.mailed');
    await teacher.submit('directory/send', fields);
    const found = await letters();
    expect(new Set(found.map(({ to }) => to.address)).size).to.equal(2);
    expect(found).to.have.length(2);
    expect(found[0]?.subject).to.include('Контакты и материалы Соколовой Е. В.: ');
    expect(found[0]?.text)
      .to.include('Жду на консультации.')
      .and.include('Телефон: +7 900 123-45-67 (индивидуальные консультации, пн 9–12)')
      .and.include(`/directory/materials/${material}`)
      .and.include('https://tasks.example.org/7')
      .and.include('https://book.example.org/2')
      .and.not.include('secret@example.org');
  });

  it('are told of in the list as well, and in the language of each student', async () => {
    await wakeAlways(ann, { locale: 'en', chosen: ['materials:mail'] });
    const fields = { key: newToken(), contacts: '1' };
    expect((await teacher.submit('directory/send', fields)).url).to.include('directory.mailed');
    const english = (await mailsOf(testApp)).filter(({ text }) => text.includes('How to reach me:'));
    expect(english).to.have.length(1);
    expect(english[0]?.text).to.include('Telephone: +7 900 123-45-67');
    expect((await listOf(testApp, ann)).map(({ kind }) => kind)).to.include('teacher-letter');
  });

  it('words alone are a message by the channels of each student', async () => {
    await wakeAlways(ann, { chosen: [] });
    const note = 'Завтра разбираем $x^2 = \\frac{1}{2}$';
    await teacher.submit('directory/send', { key: newToken(), note });
    const told = (await mailsOf(testApp)).filter(({ text }) => text.includes('Завтра разбираем x² = 1/2'));
    expect(told.map(({ subject }) => subject)).to.have.length(1);
    expect(told[0]?.subject).to.include('Сообщение преподавателя: ');
    const [shown] = await listOf(testApp, ann);
    expect(shown).to.include({ kind: 'teacher-message', unread: true });
    expect(shown?.lines).to.include('Завтра разбираем x² = 1/2');
  });

  it('are sent by those who have a card, of their own materials, to groups of the course', async () => {
    expect((await ann.get('directory/send')).status).to.equal(403);
    const way = /href="[^"]+directory\/send"/;
    expect((await teacher.get('directory/teachers')).body, 'the list of teachers leads there').to.match(way);
    expect((await ann.get('directory/teachers')).body).to.not.match(way);
    const send = (fields: Record<string, string>) =>
      teacher.json('POST', 'directory/send', { key: newToken(), ...fields });
    const wrong = [
      [{ group: 'of-another-course', contacts: '1' }, 'group'],
      [{ materials: 'not-mine' }, 'materials'],
      [{}, 'materials'],
      [{ note: 'ы'.repeat(2_001) }, 'note'],
    ] as const;
    for (const [fields, field] of wrong) {
      const refused = await send(fields);
      expect([refused.status, Object.keys((refused.data as { fields: object }).fields)], field).to.deep.equal(
        [400, [field]],
      );
    }
  });

  it('are refused after ten in a day', async () => {
    const send = () => teacher.json('POST', 'directory/send', { key: newToken(), note: 'Ещё раз' });
    for (let count = 3; count < 10; count += 1) expect((await send()).status).to.equal(303);
    expect((await send()).status).to.equal(409);
  });
});
