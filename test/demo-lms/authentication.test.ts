import { expect } from 'chai';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { Browser, launch, launchLink } from '../support/lms.js';
import { COURSE, openLab, STUDENT, TEACHER, type Lab } from './lab.js';

describe('demo LMS: login and authentication', () => {
  let lab: Lab;
  before(async () => {
    lab = await openLab();
  });
  after(() => lab.close());

  /** A good authentication request for a fresh launch, with changes; undefined leaves a parameter out. */
  function request(changes: Readonly<Record<string, string | undefined>> = {}): URL {
    const { fields } = lab.lms.control.initiation(STUDENT, COURSE, lab.link.id);
    const url = new URL(`${lab.lms.origin}/mod/lti/auth.php`);
    const parameters = {
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: fields.client_id,
      redirect_uri: `${lab.tool.url}/lti/launch`,
      login_hint: fields.login_hint,
      lti_message_hint: fields.lti_message_hint,
      state: 'S',
      nonce: 'N',
      ...changes,
    };
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    return url;
  }

  const answer = (url: URL, person = STUDENT) =>
    lab.lms.control.authenticate(url.href, lab.lms.control.actAs(person));

  it('initiates by POST with a JSON hint and strings of digits', () => {
    const { action, method, fields } = lab.lms.control.initiation(STUDENT, COURSE, lab.link.id);
    expect(action).to.equal(`${lab.tool.url}/lti/login`);
    expect(method).to.equal('post');
    expect(fields).to.include({
      iss: lab.lms.origin,
      target_link_uri: `${lab.tool.url}/lti/launch`,
      login_hint: STUDENT,
      client_id: 'tool-1',
      lti_deployment_id: lab.registered.id,
    });
    const hint = JSON.parse(fields.lti_message_hint!) as Record<string, unknown>;
    expect(hint).to.have.all.keys('cmid', 'launchid');
    expect(hint.cmid).to.equal(Number(lab.link.cmid));
    expect(hint.launchid).to.match(new RegExp(`^ltilaunch${lab.link.id}_\\d+$`));
  });

  it('posts an id_token with the state, signed by a published key, for 60 seconds', async () => {
    const { status, form } = await answer(request());
    expect(status).to.equal(200);
    expect(form?.action).to.equal(`${lab.tool.url}/lti/launch`);
    expect(form?.fields).to.have.all.keys('id_token', 'state');
    expect(form?.fields.state).to.equal('S');
    const keys = createRemoteJWKSet(new URL(`${lab.lms.origin}/mod/lti/certs.php`));
    const { payload, protectedHeader } = await jwtVerify(form!.fields.id_token!, keys, {
      issuer: lab.lms.origin,
      audience: 'tool-1',
      currentDate: lab.clock.now(),
    });
    expect(protectedHeader).to.include({ alg: 'RS256', typ: 'JWT' });
    expect(payload).to.include({ nonce: 'N', sub: STUDENT });
    expect(payload.exp! - payload.iat!).to.equal(60);
  });

  it('takes the request by POST as well', async () => {
    const url = request();
    const response = await fetch(`${lab.lms.origin}/mod/lti/auth.php`, {
      method: 'POST',
      body: url.searchParams,
      headers: { cookie: lab.lms.control.actAs(STUDENT).cookie },
    });
    expect(response.status).to.equal(200);
    expect(await response.text()).to.contain('name="id_token"');
  });

  it('needs no prompt and no state', async () => {
    expect((await answer(request({ prompt: undefined }))).form?.fields).to.have.property('id_token');
    const { form } = await answer(request({ state: undefined }));
    expect(form?.fields.state).to.equal('');
    expect(form?.fields).to.have.property('id_token');
  });

  const postedBack: readonly [string, Record<string, string | undefined>, Record<string, string>][] = [
    ['prompt=login', { prompt: 'login' }, { error: 'invalid_request', error_description: 'Invalid prompt' }],
    [
      'no response_mode',
      { response_mode: undefined },
      { error: 'invalid_request', error_description: 'Invalid response_mode' },
    ],
    ['another client', { client_id: 'zzz' }, { error: 'unauthorized_client' }],
    ['another login_hint', { login_hint: '3' }, { error: 'access_denied' }],
  ];
  for (const [name, changes, error] of postedBack) {
    it(`posts a refusal back: ${name}`, async () => {
      const { status, form } = await answer(request(changes));
      expect(status).to.equal(200);
      expect(form?.action).to.equal(`${lab.tool.url}/lti/launch`);
      expect(form?.fields).to.deep.equal({ ...error, state: 'S' });
    });
  }

  const pages: readonly [string, Record<string, string | undefined>][] = [
    ['no nonce', { nonce: undefined }],
    ['a wider scope', { scope: 'openid profile' }],
    ['an unregistered redirect_uri', { redirect_uri: 'http://localhost:1/other' }],
    ['no hint', { lti_message_hint: undefined }],
    ['another response_type', { response_type: 'code' }],
  ];
  for (const [name, changes] of pages) {
    it(`shows a page of its own, 404: ${name}`, async () => {
      const { status, form, page } = await answer(request(changes));
      expect(status).to.equal(404);
      expect(form).to.equal(null);
      expect(page).to.contain('<!doctype html>');
    });
  }

  it('matches redirect_uri with its query', async () => {
    const url = request({ redirect_uri: `${lab.tool.url}/lti/launch?a=1` });
    expect((await answer(url)).status).to.equal(404);
  });

  it('gives a hint out once, even when the first use was refused', async () => {
    const url = request();
    expect((await answer(url)).status).to.equal(200);
    expect((await answer(url)).status).to.equal(404);
    const refused = request({ prompt: 'login' });
    await answer(refused);
    refused.searchParams.set('prompt', 'none');
    expect((await answer(refused)).status).to.equal(404);
  });

  it('takes a hint only byte for byte', async () => {
    const url = request();
    const hint = url.searchParams.get('lti_message_hint')!;
    url.searchParams.set('lti_message_hint', hint.replace(',', ', '));
    expect((await answer(url)).status).to.equal(404);
  });

  it('does not give one person another one’s launch', async () => {
    expect((await answer(request(), TEACHER)).status).to.equal(404);
    expect((await answer(request({ login_hint: TEACHER }), TEACHER)).status).to.equal(404);
  });

  it('counts a doubled parameter as missing', async () => {
    const url = request();
    url.searchParams.append('nonce', 'N2');
    expect((await answer(url)).status).to.equal(404);
  });

  it('sends a browser without its cookie round once more, then gives up', async () => {
    const url = request();
    const response = await fetch(url);
    const page = await response.text();
    expect(response.status).to.equal(200);
    expect(page).to.contain('name="repost"').and.not.contain('id_token" value="ey');
    url.searchParams.set('repost', '1');
    expect((await fetch(url)).status).to.equal(404);
  });

  it('does not cache what it posts', async () => {
    const response = await fetch(request(), { headers: { cookie: lab.lms.control.actAs(STUDENT).cookie } });
    expect(response.headers.get('cache-control')).to.equal('no-store');
    await response.text();
  });

  it('goes through a whole launch in a frame of another site', async () => {
    const { response, post } = await launchLink(lab.lms, {
      person: STUDENT,
      course: COURSE,
      link: lab.link.id,
    });
    expect(response.status).to.equal(200);
    expect(response.url).to.equal(`${lab.tool.url}/home`);
    expect(decodeJwt(post!.fields.id_token!).sub).to.equal(STUDENT);
    // Only what is made for frames comes back from one.
    expect(lab.tool.launched.at(-1)?.cookie).to.equal('state=kept');
  });

  it('goes through a launch when the tool sends a form instead of a redirect', async () => {
    lab.tool.interstitial = true;
    try {
      const { response, post } = await launchLink(lab.lms, { person: STUDENT, course: COURSE });
      expect(post?.fields).to.have.property('id_token');
      expect(response.url).to.equal(`${lab.tool.url}/home`);
    } finally {
      lab.tool.interstitial = false;
    }
  });

  it('lets a test forge the token and bend every step', async () => {
    const initiation = lab.lms.control.initiation(STUDENT, COURSE, lab.link.id);
    const forged = await launch(lab.lms, {
      person: STUDENT,
      initiation,
      browser: new Browser({ framedBy: lab.lms.origin, thirdParty: 'blocked' }),
      forge: ({ claims }) =>
        lab.lms.control.signIdToken({ ...claims, sub: '999' }, { header: { alg: 'none' } }),
      changePost: { state: undefined },
    });
    expect(forged.post?.fields).to.not.have.property('state');
    expect(decodeJwt(forged.post!.fields.id_token!).sub).to.equal('999');
    expect(lab.tool.launched.at(-1)?.cookie).to.equal('');
    const refused = await launchLink(lab.lms, {
      person: STUDENT,
      course: COURSE,
      changeAuthentication: (url) => url.searchParams.set('client_id', 'zzz'),
    });
    expect(refused.post?.fields.error).to.equal('unauthorized_client');
  });

  it('refuses to begin a launch for unknown or suspended people and pending tools', () => {
    const { control } = lab.lms;
    expect(() => control.initiation('131', COURSE, lab.link.id)).to.throw('not-in-course');
    expect(() => control.initiation('128', COURSE, lab.link.id)).to.throw('not-in-course');
    expect(() => control.initiation(STUDENT, '3', lab.link.id)).to.throw('no link');
    control.changeTool(lab.registered.id, { state: 'pending' });
    try {
      expect(() => control.initiation(STUDENT, COURSE, lab.link.id)).to.throw('tool-pending');
    } finally {
      control.changeTool(lab.registered.id, { state: 'active' });
    }
  });
});
