import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { registrationFixture, type RegistrationFixture } from '../features/admin/registration/support.js';
import { listening } from '../support/listening.js';

/** Dynamic registration as a real Moodle 4.4 was recorded to answer it: test/fixtures/moodle/dynreg.json. */
describe('dynamic registration with the recorded Moodle', () => {
  const RECORDED = readFileSync(new URL('../fixtures/moodle/dynreg.json', import.meta.url), 'utf8');
  const TOOL = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
  let testApp: TestApp;
  let fixture: RegistrationFixture;
  let moodle: Server;
  let origin: string;
  let recorded: {
    openid_configuration: Record<string, unknown>;
    response: { status: number; body: Record<string, unknown> };
    errors: Record<string, { status: number; ct: string; body: string }>;
  };
  let refusing: string | null;
  let got: { headers: IncomingMessage['headers']; body: Record<string, unknown> } | undefined;

  before(async () => {
    testApp = await startTestApp();
    fixture = registrationFixture(testApp);
    moodle = createServer((req, res) => void answer(req, res));
    origin = await listening(moodle);
    recorded = JSON.parse(RECORDED.replaceAll('http://127.0.0.1:8088', origin)) as typeof recorded;
  });
  after(async () => {
    moodle.closeAllConnections();
    moodle.close();
    await testApp.close();
  });
  beforeEach(() => {
    refusing = null;
    got = undefined;
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.url === '/mod/lti/openid-configuration.php') {
      // JSON under the wrong type, as Moodle's token endpoint has it.
      res.setHeader('content-type', 'text/html; charset=utf-8');
      res.end(JSON.stringify(recorded.openid_configuration));
      return;
    }
    got = { headers: req.headers, body: JSON.parse(await text(req)) as Record<string, unknown> };
    const refusal = refusing === null ? undefined : recorded.errors[refusing];
    if (refusal !== undefined)
      res.writeHead(refusal.status, { 'content-type': refusal.ct }).end(refusal.body);
    else res.writeHead(recorded.response.status).end(JSON.stringify(recorded.response.body));
  }

  async function register() {
    const { url } = await testApp.app.features.registration.invite(origin);
    return fixture.browser().submit('/lti/register', {
      ...fixture.fieldsOf(url),
      openid_configuration: `${origin}/mod/lti/openid-configuration.php`,
      registration_token: 'moodles own',
    });
  }

  for (const [name, words] of [
    ['no auth', 'missing_registration_token'],
    ['garbage token', 'Error | lab'],
    ['token reused', 'token_already_used'],
    ['domain mismatch', 'domain_targetlinkuri_mismatch'],
  ] as const) {
    it(`a refusal is told in its words: ${name}`, async () => {
      refusing = name;
      const refused = await register();
      expect(refused.status).to.equal(502);
      expect(refused.body).to.contain(words).and.not.contain('&lt;html');
      expect((await fixture.all()).filter(({ issuer }) => issuer === origin)).to.deep.equal([]);
    });
  }

  it('requests all used scopes and messages that Moodle offers', async () => {
    const done = await register();
    expect(done.status, done.body).to.equal(200);
    expect(got?.headers.authorization).to.equal('Bearer moodles own');
    const { body } = got!;
    expect(body).to.deep.include({
      application_type: 'web',
      response_types: ['id_token'],
      grant_types: ['implicit', 'client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      initiate_login_uri: `${testApp.origin}/lti/login`,
      redirect_uris: [`${testApp.origin}/lti/launch`],
      jwks_uri: `${testApp.origin}/lti/keys`,
      logo_uri: `${testApp.origin}/assets/icon.svg`,
      client_name: 'Наставник',
      'client_name#en': 'Nastavnik',
    });
    expect(String(body.scope).split(' ')).to.have.members([
      'https://purl.imsglobal.org/spec/lti-ags/scope/score',
      'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
      'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
      'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
    ]);
    const tool = body[TOOL] as Record<string, unknown>;
    expect(tool.domain, 'the port belongs to it').to.equal(new URL(testApp.origin).host);
    expect(tool.custom_parameters).to.deep.equal({
      middle_name: '$Person.name.middle',
      time_zone: '$Person.address.timezone',
      groups: '$Moodle.Person.userGroupIds',
      context_history: '$Context.id.history',
    });
    expect(tool.messages).to.deep.equal([
      { type: 'LtiResourceLinkRequest' },
      {
        type: 'LtiDeepLinkingRequest',
        target_link_uri: `${testApp.origin}/lti/launch`,
        label: 'Добавить из Наставника',
        'label#en': 'Add from Nastavnik',
        icon_uri: `${testApp.origin}/assets/icon.svg`,
        placements: ['ContentArea'],
      },
    ]);
    expect((await fetch(String(body.logo_uri))).headers.get('content-type')).to.match(/^image\/svg/);
  });

  it('stores the granted scopes and the address of the configuration', async () => {
    const made = (await fixture.all()).find(({ issuer }) => issuer === origin);
    expect(made).to.deep.include({
      clientId: 'oiKIK7HFhW20BFl',
      deployments: ['3'],
      state: 'active',
      name: 'moodle',
      authUrl: `${origin}/mod/lti/auth.php`,
      configurationUrl: `${origin}/mod/lti/openid-configuration.php`,
      scopes: String(recorded.response.body.scope).split(' '),
    });
    expect(await testApp.app.lti.registrationManagement.isOffered(made!)).to.equal(false);
  });
});

it('requests review, groups and notices from a platform that offers them', async () => {
  const testApp = await startTestApp();
  const fixture = registrationFixture(testApp);
  let sent: Record<string, unknown> = {};
  const scopes = [
    'https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly',
    'https://purl.imsglobal.org/spec/lti/scope/noticehandlers',
    'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  ];
  const platform = createServer((req, res) => {
    const { port } = platform.address() as AddressInfo;
    const base = `http://127.0.0.1:${port}`;
    if (req.method === 'GET') {
      const messages = ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest', 'LtiSubmissionReviewRequest'];
      const described = {
        issuer: base,
        authorization_endpoint: `${base}/auth`,
        token_endpoint: `${base}/token`,
        jwks_uri: `${base}/jwks`,
        registration_endpoint: `${base}/register`,
        scopes_supported: [...scopes, 'urn:other'],
        'https://purl.imsglobal.org/spec/lti-platform-configuration': {
          messages_supported: messages.map((type) => ({ type, placements: ['RichTextEditor', 'Other'] })),
          variables: ['Canvas.group.contextIds', 'User.id'],
        },
      };
      res.end(JSON.stringify(described));
    } else {
      void text(req).then((body) => {
        sent = JSON.parse(body) as typeof sent;
        res.end('{"client_id":"rich"}');
      });
    }
  });
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
  try {
    const { url } = await testApp.app.features.registration.invite('');
    const configuration = `http://127.0.0.1:${(platform.address() as AddressInfo).port}/`;
    const fields = { ...fixture.fieldsOf(url), openid_configuration: configuration };
    expect((await fixture.browser().submit('/lti/register', fields)).status).to.equal(200);
    expect(String(sent.scope).split(' ')).to.have.members(scopes);
    const tool = sent['https://purl.imsglobal.org/spec/lti-tool-configuration'] as {
      messages: { type: string; placements?: string[] }[];
      custom_parameters: object;
    };
    expect(tool.messages.map(({ type }) => type)).to.deep.equal([
      'LtiResourceLinkRequest',
      'LtiDeepLinkingRequest',
      'LtiSubmissionReviewRequest',
    ]);
    expect(tool.messages[1]?.placements).to.deep.equal(['RichTextEditor']);
    expect(tool.custom_parameters).to.deep.equal({ groups: '$Canvas.group.contextIds' });
  } finally {
    platform.closeAllConnections();
    platform.close();
    await testApp.close();
  }
});
