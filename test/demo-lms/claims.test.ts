import { expect } from 'chai';
import { decodeJwt } from 'jose';
import {
  ENGLISH_STUDENT_ID,
  ODD_NAME_STUDENT_ID,
  PRIVATE_STUDENT_ID,
} from '../../scripts/demo-lms/centre.js';
import {
  Browser,
  FIXTURES,
  fixture,
  fixtureClaims,
  launchLink,
  launchReview,
  launchSelection,
} from '../support/lms.js';
import { ADMINISTRATOR, ASSISTANT, COURSE, openLab, STUDENT, TEACHER, type Lab } from './lab.js';

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
const AGS = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
const ROLES = 'http://purl.imsglobal.org/vocab/lis/v2';

type Claims = Record<string, unknown>;
const at = (claims: Claims, name: string) => claims[name] as Record<string, unknown>;

describe('demo LMS: claims', () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => lab.close());

  async function claimsOf(person: string, link = lab.link.id, course = COURSE): Promise<Claims> {
    const { post } = await launchLink(lab.lms, { person, course, link });
    return decodeJwt(post!.fields.id_token!);
  }

  it('has the members of a recorded launch, and no others', async () => {
    const recorded = fixture('launch-student01').claims;
    expect(Object.keys(await claimsOf(STUDENT)).sort()).to.deep.equal(Object.keys(recorded).sort());
  });

  for (const claim of ['context', 'lis', 'resource_link', 'launch_presentation', 'tool_platform', 'ext']) {
    it(`has the recorded shape of ${claim}`, async () => {
      const recorded = at(fixture('launch-student01').claims, `${CLAIM}/${claim}`);
      expect(at(await claimsOf(STUDENT), `${CLAIM}/${claim}`)).to.have.all.keys(Object.keys(recorded));
    });
  }

  it('keeps ids as strings of digits', async () => {
    const claims = await claimsOf(STUDENT);
    for (const id of [claims.sub, at(claims, `${CLAIM}/context`).id, claims[`${CLAIM}/deployment_id`]]) {
      expect(id).to.be.a('string').that.matches(/^\d+$/);
    }
    expect(at(claims, `${CLAIM}/resource_link`)).to.deep.equal({
      title: 'Контрольная работа № 1',
      description: 'Две задачи',
      id: lab.link.id,
    });
  });

  it('tells roles as full URIs; a non-editing teacher is an instructor too', async () => {
    const roles = async (person: string) => (await claimsOf(person))[`${CLAIM}/roles`];
    expect(await roles(STUDENT)).to.deep.equal([`${ROLES}/membership#Learner`]);
    expect(await roles(TEACHER)).to.deep.equal([`${ROLES}/membership#Instructor`]);
    expect(await roles(ASSISTANT)).to.deep.equal([`${ROLES}/membership#Instructor`]);
    expect(await roles(ADMINISTRATOR)).to.deep.equal(fixture('launch-admin').claims[`${CLAIM}/roles`]);
  });

  it('puts the patronymic into the given name, or into a custom parameter, or nowhere', async () => {
    const inGiven = await claimsOf('11');
    expect(inGiven).to.include({ given_name: 'Елена Викторовна', family_name: 'Соколова' });
    expect(inGiven.name).to.equal('Елена Викторовна Соколова');
    expect(at(inGiven, `${CLAIM}/custom`).middle_name).to.equal('');
    const apart = await claimsOf('12');
    expect(apart.given_name).to.equal('Андрей');
    expect(at(apart, `${CLAIM}/custom`).middle_name).to.equal('Павлович');
    expect(apart).to.not.have.property('middle_name');
  });

  it('leaves the name and the e-mail of a private person out, and keeps sub', async () => {
    const claims = await claimsOf(PRIVATE_STUDENT_ID);
    expect(claims.sub).to.equal(PRIVATE_STUDENT_ID);
    expect(claims).to.not.have.any.keys('name', 'given_name', 'family_name', 'email');
    expect(at(claims, `${CLAIM}/ext`)).to.deep.equal({ lms: 'moodle-2' });
    expect(at(claims, `${CLAIM}/custom`).middle_name).to.equal('');
  });

  it('does the same when the tool may not know names, as in the recorded private launch', async () => {
    const { control } = lab.lms;
    const quiet = control.registerTool({
      url: lab.tool.url,
      clientId: 'quiet',
      sendName: false,
      sendEmail: false,
      custom: {},
      scopes: [],
      homeLinks: false,
    });
    const link = control.addActivity(COURSE, quiet.id, { title: 'Анонимное задание' });
    const recorded = Object.keys(fixture('launch-student01-private').claims).sort();
    expect(Object.keys(await claimsOf(STUDENT, link.id)).sort()).to.deep.equal(recorded);
  });

  it('passes the language in which the person reads the LMS, chosen or the browser’s', async () => {
    const localeOf = async (browser: Browser, person: string) => {
      const { post } = await launchLink(lab.lms, { person, course: COURSE, link: lab.link.id, browser });
      const claims: Claims = decodeJwt(post!.fields.id_token!);
      return at(claims, `${CLAIM}/launch_presentation`).locale;
    };
    const framedBy = lab.lms.origin;
    expect(await localeOf(new Browser({ framedBy, acceptLanguage: 'en-GB' }), STUDENT)).to.equal('en');
    const chosen = new Browser({ framedBy });
    await chosen.get(`${lab.lms.origin}/language/en?back=%2F`);
    expect(await localeOf(chosen, STUDENT)).to.equal('en');
    await chosen.get(`${lab.lms.origin}/language/ru?back=%2F`);
    expect(await localeOf(chosen, ENGLISH_STUDENT_ID)).to.equal('ru');
  });

  it('passes an odd name untouched, and the locale of the person', async () => {
    const odd = await claimsOf(ODD_NAME_STUDENT_ID);
    expect(odd.given_name).to.equal('Ли "Саша" & <b>Ю</b> 🎈');
    const english = await claimsOf(ENGLISH_STUDENT_ID);
    expect(at(english, `${CLAIM}/launch_presentation`).locale).to.equal('en');
    expect(at(odd, `${CLAIM}/launch_presentation`).locale).to.equal('ru');
  });

  it('resolves variables, leaves unknown ones as they are, and doubles odd keys', async () => {
    const { control } = lab.lms;
    control.changeTool(lab.registered.id, {
      custom: [
        'groups=$Moodle.Person.userGroupIds',
        'tz=$Person.address.timezone',
        'ctx_hist=$Context.id.history',
        'ctx_begin=$Context.timeFrame.begin',
        'sec_begin=$CourseSection.timeFrame.begin',
        'rl_due=$ResourceLink.submission.endDateTime',
        'lineitem=$LineItem.url',
        'Mixed-Key=Кириллица',
        'eq=a=b',
        'nastavnik_kind=tool wins',
      ].join('\n'),
    });
    const custom = at(await claimsOf(STUDENT), `${CLAIM}/custom`);
    expect(custom).to.include({
      nastavnik_id: 'abc',
      nastavnik_kind: 'tool wins',
      groups: '1,3',
      tz: '99',
      ctx_hist: '',
      ctx_begin: '1788238800',
      sec_begin: '2026-09-01T05:00:00+00:00',
      rl_due: '$ResourceLink.submission.endDateTime',
      mixed_key: 'Кириллица',
      'Mixed-Key': 'Кириллица',
      eq: 'a=b',
    });
    expect(custom.lineitem).to.equal(
      `${lab.lms.origin}/mod/lti/services.php/2/lineitems/${lab.column.id}/lineitem?type_id=${lab.registered.id}`,
    );
  });

  it('announces the services with their queries, and one line item only while there is one', async () => {
    const base = `${lab.lms.origin}/mod/lti/services.php`;
    const { id } = lab.registered;
    const claims = await claimsOf(STUDENT);
    expect(at(claims, AGS)).to.deep.include({
      lineitems: `${base}/2/lineitems?type_id=${id}`,
      lineitem: `${base}/2/lineitems/${lab.column.id}/lineitem?type_id=${id}`,
    });
    expect(at(claims, AGS).scope).to.deep.equal(at(fixture('launch-student01').claims, AGS).scope);
    expect(at(claims, NRPS)).to.deep.equal({
      context_memberships_url: `${base}/CourseSection/2/bindings/${id}/memberships`,
      service_versions: ['1.0', '2.0'],
    });
    const home = lab.lms.control.homeLink(COURSE, id);
    const ungraded = await claimsOf(STUDENT, home.id);
    expect(at(ungraded, AGS)).to.not.have.property('lineitem');
    expect(ungraded).to.not.have.property('https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome');
  });

  it('sends a Deep Linking request with the recorded members', async () => {
    const { post } = await launchSelection(lab.lms, { person: TEACHER, course: COURSE });
    const claims: Claims = decodeJwt(post!.fields.id_token!);
    const recorded = fixture('deeplink-teacher').claims;
    expect(Object.keys(claims).sort()).to.deep.equal(Object.keys(recorded).sort());
    const name = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';
    const { deep_link_return_url: back, ...settings } = at(claims, name);
    const { deep_link_return_url: _url, title: _title, text: _text, ...expected } = at(recorded, name);
    expect(settings).to.deep.equal(expected);
    expect(back).to.match(/\/mod\/lti\/contentitem_return\.php\?course=2&id=\d+&sesskey=\S+$/);
    expect(at(claims, `${CLAIM}/custom`).lineitem).to.equal('');
    expect(at(claims, AGS)).to.not.have.property('lineitem');
  });

  it('gives null for the variables of a link that does not exist yet', async () => {
    lab.lms.control.changeTool(lab.registered.id, { custom: 'rl_id=$ResourceLink.id' });
    const { post } = await launchSelection(lab.lms, { person: TEACHER, course: COURSE });
    expect(at(decodeJwt(post!.fields.id_token!), `${CLAIM}/custom`).rl_id).to.equal(null);
  });

  it('sends a Submission Review request about a student', async () => {
    const { post } = await launchReview(lab.lms, {
      person: TEACHER,
      course: COURSE,
      link: lab.link.id,
      student: STUDENT,
    });
    const claims: Claims = decodeJwt(post!.fields.id_token!);
    const recorded = fixture('submissionreview-teacher').claims;
    expect(Object.keys(claims).sort()).to.deep.equal(Object.keys(recorded).sort());
    expect(claims[`${CLAIM}/message_type`]).to.equal('LtiSubmissionReviewRequest');
    expect(claims[`${CLAIM}/for_user`]).to.deep.equal({ user_id: STUDENT });
    expect(claims.sub).to.equal(TEACHER);
  });

  it('lets a student review their own work only', () => {
    const { control } = lab.lms;
    expect(() => control.review(STUDENT, COURSE, lab.link.id, '102')).to.throw('not-a-grader');
    expect(control.review(STUDENT, COURSE, lab.link.id, STUDENT).fields.login_hint).to.equal(STUDENT);
  });

  it('names the history of a copied course, nearest first', async () => {
    const { control } = lab.lms;
    control.changeTool(lab.registered.id, { custom: 'history=$Context.id.history' });
    const first = control.copyCourse(COURSE, { withStudents: true });
    const second = control.copyCourse(first.id, { withStudents: true });
    const copied = control.activities(second.id).find(({ title }) => title === lab.link.title)!;
    expect(copied.id).to.not.equal(lab.link.id);
    const claims = await claimsOf(STUDENT, copied.id, second.id);
    expect(at(claims, `${CLAIM}/custom`)).to.include({
      history: `${first.id},${COURSE}`,
      nastavnik_kind: 'test',
      nastavnik_id: 'abc',
    });
    expect(at(claims, `${CLAIM}/context`).id).to.equal(second.id);
    const staffOnly = control.copyCourse(COURSE);
    const { id } = control.homeLink(staffOnly.id);
    expect(() => control.initiation(STUDENT, staffOnly.id, id)).to.throw('not-in-course');
  });

  it('replays every recorded launch as its own', async () => {
    for (const name of FIXTURES) {
      const claims = fixtureClaims(lab.lms, name, { extra: 1 });
      expect(claims).to.include({ iss: lab.lms.origin, aud: 'tool-1', extra: 1 });
      expect(claims.sub).to.equal(fixture(name).claims.sub);
      expect(JSON.stringify(claims)).to.not.contain('127.0.0.1:8088');
      expect(await lab.lms.control.signIdToken(claims)).to.match(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    }
  });
});
