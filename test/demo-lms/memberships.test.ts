import { expect } from 'chai';
import {
  ODD_NAME_STUDENT_ID,
  PRIVATE_STUDENT_ID,
  SUSPENDED_STUDENT_ID,
} from '../../scripts/demo-lms/centre.js';
import { ASSISTANT, COURSE, openLab, STUDENT, TEACHER, type Lab } from './lab.js';
import { accessToken } from './tool.js';

const TYPE = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

interface Member {
  readonly user_id: string;
  readonly roles: string[];
  readonly status: string;
  readonly name?: string;
  readonly given_name?: string;
  readonly message?: unknown;
}

describe('demo LMS: memberships', () => {
  let lab: Lab;
  let url: string;
  before(async () => {
    lab = await openLab();
    url = `/CourseSection/2/bindings/${lab.registered.id}/memberships`;
  });
  after(() => lab.close());

  const roster = (query = '', accept = TYPE) => lab.call(`${url}${query}`, { accept });
  const members = async (query = '') => ((await roster(query)).json as { members: Member[] }).members;
  const member = async (id: string) => (await members()).find(({ user_id }) => user_id === id);

  it('lists everybody at once, by family name', async () => {
    const answer = await roster();
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.equal(`${TYPE}; charset=utf-8`);
    expect(answer.headers.get('link')).to.equal(null);
    expect(answer.json).to.deep.include({
      id: `${lab.lms.origin}/mod/lti/services.php${url}`,
      context: { id: '2', label: 'МАТ-9', title: 'Математика и естественные науки, 9 класс' },
    });
    // 30 students less the suspended one, 6 teachers, the assistant, the methodist; no administrator.
    const list = await members();
    expect(list).to.have.length(37);
    expect(list[0]?.name).to.equal('Артём Денисович Абрамов');
    const families = (list as unknown as { family_name?: string }[]).map(({ family_name }) => family_name);
    // Ё comes right after Е, not after Я.
    expect(families.indexOf('Ёлкин')).to.be.lessThan(families.indexOf('Ершов'));
  });

  it('gives short roles, and calls a non-editing teacher a Learner', async () => {
    expect((await member(TEACHER))?.roles).to.deep.equal(['Instructor']);
    expect((await member('3'))?.roles).to.deep.equal(['Instructor']);
    expect((await member(ASSISTANT))?.roles).to.deep.equal(['Learner']);
    expect((await member(STUDENT))?.roles).to.deep.equal(['Learner']);
  });

  it('has the recorded members of a member', async () => {
    expect(await member(STUDENT)).to.deep.equal({
      status: 'Active',
      roles: ['Learner'],
      user_id: STUDENT,
      lis_person_sourcedid: 'ST-0001',
      name: 'Артём Денисович Абрамов',
      given_name: 'Артём Денисович',
      family_name: 'Абрамов',
      email: 'student01@example.org',
      ext_user_username: 'student01',
    });
  });

  it('writes names as HTML', async () => {
    expect((await member(ODD_NAME_STUDENT_ID))?.given_name).to.equal(
      'Ли "Саша" &amp; &lt;b&gt;Ю&lt;/b&gt; 🎈',
    );
  });

  it('leaves the suspended out, and the names of private people', async () => {
    expect(await member(SUSPENDED_STUDENT_ID)).to.equal(undefined);
    expect(await member(PRIVATE_STUDENT_ID)).to.have.all.keys(
      'status',
      'roles',
      'user_id',
      'lis_person_sourcedid',
    );
  });

  it('pages when asked to, until nothing is left', async () => {
    const ids: string[] = [];
    let query = '?limit=10';
    for (let page = 0; query !== ''; page += 1) {
      expect(page).to.be.lessThan(5);
      const answer = await roster(query);
      ids.push(...(answer.json as { members: Member[] }).members.map(({ user_id }) => user_id));
      const link = answer.headers.get('link');
      query = link === null ? '' : `?${/\?([^>]+)>; rel="next"$/.exec(link)![1]!}`;
    }
    expect(new Set(ids).size).to.equal(37);
  });

  it('filters by role, short or full, and forgets the filter in the next link', async () => {
    expect(await members('?role=Instructor')).to.have.length(7);
    const full = encodeURIComponent('http://purl.imsglobal.org/vocab/lis/v2/membership#Learner');
    expect(await members(`?role=${full}`)).to.have.length(30);
    const link = (await roster('?role=Learner&limit=3')).headers.get('link');
    expect(link).to.equal(`<${lab.lms.origin}/mod/lti/services.php${url}?limit=3&from=3>; rel="next"`);
  });

  it('takes a link of the course, another tool’s too', async () => {
    const { control } = lab.lms;
    const answer = await roster(`?rlid=${lab.link.id}&limit=2`);
    const [first] = (answer.json as { members: Member[] }).members;
    expect(first?.message).to.deep.equal([
      { 'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiResourceLinkRequest' },
    ]);
    expect(answer.headers.get('link')).to.contain(`?limit=2&from=2&rlid=${lab.link.id}>`);
    const other = control.registerTool({ url: lab.tool.url, clientId: 'other', homeLinks: false });
    const foreign = control.addActivity(COURSE, other.id, { title: 'Чужое' });
    expect((await roster(`?rlid=${foreign.id}`)).status).to.equal(200);
    const missing = await roster('?rlid=999');
    expect(missing.status).to.equal(404);
    expect(missing.statusText).to.equal("Not Found: LTI link 999 doesn't exist");
  });

  it('takes any Accept that allows its type, and no other', async () => {
    expect((await roster('', '*/*')).status).to.equal(200);
    const refused = await roster('', 'application/json');
    expect(refused.status).to.equal(400);
    expect(refused.statusText).to.equal(`No handler found for ${url} application/json`);
  });

  it('answers 401 without the scope and for another tool’s binding', async () => {
    const scope = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';
    const token = await accessToken(lab.lms, lab.tool, 'tool-1', scope);
    for (const wrong of [token, null]) {
      expect((await lab.call(url, { accept: TYPE, token: wrong })).status).to.equal(401);
    }
    const other = lab.lms.control.registerTool({ url: lab.tool.url, clientId: 'third', homeLinks: false });
    const foreign = `/CourseSection/2/bindings/${other.id}/memberships`;
    expect((await lab.call(foreign, { accept: TYPE })).status).to.equal(401);
  });

  it('follows changes of people and enrolments', async () => {
    const { control } = lab.lms;
    const { id } = control.addPerson({ familyName: 'Новый', givenName: 'Пётр' });
    control.enrol(COURSE, id, 'student');
    expect((await member(id))?.name).to.equal('Пётр Новый');
    control.changePerson(id, { familyName: 'Новейший' });
    expect((await member(id))?.name).to.equal('Пётр Новейший');
    control.enrol(COURSE, id, 'student', { suspended: true });
    expect(await member(id)).to.equal(undefined);
    control.unenrol(COURSE, id);
    expect(await member(id)).to.equal(undefined);
  });
});
