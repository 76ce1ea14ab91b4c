import { expect } from 'chai';
import { Browser, type BrowserResponse } from '../support/lms.js';
import { ADMINISTRATOR, ASSISTANT, COURSE, openLab, STUDENT, TEACHER, type Lab } from './lab.js';

describe('demo LMS: pages', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
  });
  afterEach(() => lab.close());

  const formTo = (page: BrowserResponse, path: string) =>
    page.forms.find(({ action }) => new URL(action).pathname === path)!;

  /** Signs in by clicking on the page of people. */
  async function as(person: string): Promise<{ browser: Browser; page: BrowserResponse }> {
    const browser = new Browser();
    const people = await browser.get(lab.lms.origin);
    const page = await browser.submit(people, formTo(people, `/act-as/${person}`));
    return { browser, page };
  }
  const open = async (person: string, path: string) =>
    (await as(person)).browser.get(`${lab.lms.origin}${path}`);

  it('lists everybody by role; one click acts as a person', async () => {
    const page = await new Browser().get(lab.lms.origin);
    expect(page.status).to.equal(200);
    expect(page.forms.filter(({ action }) => action.includes('/act-as/'))).to.have.length(55);
    expect(page.text).to.contain('Ли &quot;Саша&quot; &amp; &lt;b&gt;Ю&lt;/b&gt; 🎈');
    const { page: courses, browser } = await as(TEACHER);
    expect(new URL(courses.url).pathname).to.equal('/courses');
    expect(courses.text).to.contain('Соколова Елена Викторовна').and.contain('/courses/2');
    expect(courses.text).to.not.contain('/courses/3"');
    const left = await browser.submit(courses, formTo(courses, '/leave'));
    expect(left.text).to.not.contain('Вы вошли как');
    expect(browser.cookie(lab.lms.origin, 'lms_session')).to.equal(undefined);
  });

  it('sends unknown visitors to the page of people, and keeps them out of courses', async () => {
    const visitor = await new Browser().get(`${lab.lms.origin}/courses/2`);
    expect(new URL(visitor.url).pathname).to.equal('/');
    expect((await open('131', '/courses/2')).status).to.equal(403);
    expect((await open(STUDENT, '/courses/77')).status).to.equal(404);
    expect((await open(STUDENT, '/nowhere')).status).to.equal(404);
  });

  it('speaks the browser’s language until another is chosen', async () => {
    const english = new Browser({ acceptLanguage: 'en-GB,en;q=0.9' });
    expect((await english.get(lab.lms.origin)).text).to.contain('Choose whom to sign in as');
    const chosen = await english.get(`${lab.lms.origin}/language/ru?back=%2F`);
    expect(chosen.text).to.contain('Выберите, от чьего имени войти');
    const away = await english.get(`${lab.lms.origin}/language/en?back=%2F%2Fexample.org%2F`);
    expect(new URL(away.url).origin).to.equal(lab.lms.origin);
  });

  it('shows a course with its tool, its activities, and the teacher’s actions', async () => {
    const teacher = await open(TEACHER, `/courses/${COURSE}`);
    expect(teacher.text).to.contain('Инструмент курса').and.contain('Контрольная работа № 1');
    expect(teacher.text).to.contain(`/courses/2/add?tool=${lab.registered.id}`);
    const student = await open(STUDENT, `/courses/${COURSE}`);
    expect(student.text).to.contain('Контрольная работа № 1').and.not.contain('Добавить задание');
    expect((await open(ASSISTANT, `/courses/${COURSE}`)).text).to.not.contain('Добавить задание');
  });

  it('opens an activity in a frame, whose page posts the initiation', async () => {
    const { browser } = await as(STUDENT);
    const page = await browser.get(`${lab.lms.origin}/courses/2/activities/${lab.link.id}`);
    const [, src] = /<iframe[^>]* src="([^"]+)"/.exec(page.text)!;
    expect(src).to.equal(`/mod/lti/launch.php?id=${lab.link.cmid}`);
    const launch = await browser.get(`${lab.lms.origin}${src!}`);
    const [form] = launch.forms;
    expect(form).to.deep.include({ action: `${lab.tool.url}/lti/login`, method: 'post' });
    expect(launch.text).to.contain('data-auto');
    const windowed = await browser.get(`${lab.lms.origin}${src!}&window=1`);
    expect(windowed.forms[0]?.fields.login_hint).to.equal(STUDENT);
  });

  it('lets only teachers add activities', async () => {
    const page = await open(TEACHER, '/courses/2/add');
    expect(page.text).to.contain(`/mod/lti/contentitem.php?id=${lab.registered.id}&amp;course=2`);
    expect((await open(STUDENT, '/courses/2/add')).status).to.equal(403);
    const { browser } = await as(STUDENT);
    const direct = await browser.get(`${lab.lms.origin}/mod/lti/contentitem.php?id=1&course=2`);
    expect(direct.status).to.equal(403);
  });

  it('shows teachers everybody’s grades and students their own', async () => {
    lab.lms.control.overrideGrade(lab.column.id, STUDENT, 83.5, 'Хорошо & <b>аккуратно</b>');
    lab.lms.control.overrideGrade(lab.column.id, '103', 41);
    const table = await open(TEACHER, '/courses/2/grades');
    expect(table.text).to.contain('83,5').and.contain('41').and.contain('Максимум: 100');
    expect(table.text).to.contain('Хорошо &amp; &lt;b&gt;аккуратно&lt;/b&gt;');
    expect(table.text).to.contain(`/courses/2/grades/review?link=${lab.link.id}&amp;user=${STUDENT}`);
    const own = await open(STUDENT, '/courses/2/grades');
    expect(own.text).to.contain('83,5').and.not.contain('>41<').and.not.contain('<table');
    expect(own.text).to.match(/23\.11\.2026|23\/11\/2026/);
    expect((await open(ASSISTANT, '/courses/2/grades')).text).to.contain('<table');
  });

  it('opens a student’s work from the gradebook', async () => {
    const path = `/courses/2/grades/review?link=${lab.link.id}&user=${STUDENT}`;
    const { browser } = await as(TEACHER);
    const page = await browser.get(`${lab.lms.origin}${path}`);
    const [, src] = /<iframe[^>]* src="([^"]+)"/.exec(page.text)!;
    expect(src).to.contain('action=gradeReport');
    const launch = await browser.get(`${lab.lms.origin}${src!.replaceAll('&amp;', '&')}`);
    expect(launch.forms[0]?.action).to.equal(`${lab.tool.url}/lti/login`);
    expect((await open(TEACHER, path.replace(STUDENT, '9999'))).status).to.equal(404);
    const { browser: student } = await as('102');
    const peep = await student.get(
      `${lab.lms.origin}/mod/lti/launch.php?id=${lab.link.cmid}&action=gradeReport&user=${STUDENT}`,
    );
    expect(peep.status).to.equal(403);
  });

  it('copies a course for those who may edit it', async () => {
    const { browser } = await as(TEACHER);
    const course = await browser.get(`${lab.lms.origin}/courses/2`);
    const copy = await browser.submit(course, formTo(course, '/courses/2/copy'), { students: '1' });
    expect(new URL(copy.url).pathname).to.equal('/courses/4');
    expect(copy.text).to.contain('(копия)').and.contain('Контрольная работа № 1').and.contain('Копия курса');
    expect((await open(STUDENT, '/courses/4')).status).to.equal(200);
    const { browser: student } = await as(STUDENT);
    expect((await student.post(`${lab.lms.origin}/courses/2/copy`, {})).status).to.equal(403);
  });

  it('lets the administrator register and activate a tool', async () => {
    const { browser } = await as(ADMINISTRATOR);
    const tools = await browser.get(`${lab.lms.origin}/tools`);
    const form = formTo(tools, '/tools/register');
    const started = await browser.submit(tools, form, {
      url: 'http://localhost:3000/lti/register?invitation=x',
    });
    expect(started.text).to.contain(
      'src="http://localhost:3000/lti/register?invitation=x&amp;openid_configuration=',
    );
    expect(started.text).to.contain('data-closes-to="/tools"');
    for (const url of ['javascript:alert(1)', 'nonsense', '']) {
      expect((await browser.submit(tools, form, { url })).status).to.equal(400);
    }
    const { id } = lab.lms.control.registerTool({ url: 'http://localhost:3000', state: 'pending' });
    const pending = await browser.get(`${lab.lms.origin}/tools`);
    await browser.submit(pending, formTo(pending, `/tools/${id}/activate`));
    expect(lab.lms.control.tool(id).state).to.equal('active');
    const { browser: student } = await as(STUDENT);
    expect((await student.post(`${lab.lms.origin}/tools/${id}/activate`, {})).status).to.equal(403);
  });

  it('shows what a tool says on the way back', async () => {
    const url = `${lab.lms.origin}/mod/lti/return.php?course=2&lti_errormsg=%3Cb%3EОй&lti_msg=Привет`;
    const { text } = await new Browser().get(url);
    expect(text).to.contain('&lt;b&gt;Ой').and.contain('Привет').and.contain('/courses/2');
  });

  it('keeps scripts of others out and its addresses to itself', async () => {
    const { headers } = await new Browser().get(lab.lms.origin);
    expect(headers.get('content-security-policy')).to.contain("default-src 'self'");
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('x-powered-by')).to.equal(null);
    const css = await new Browser().get(`${lab.lms.origin}/static/lms.css`);
    expect(css.headers.get('content-type')).to.contain('text/css');
  });
});
