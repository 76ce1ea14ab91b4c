import { expect } from 'chai';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { ADMINISTRATOR, openLab, STUDENT, type Lab } from './lab.js';

const CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

interface Registered {
  readonly client_id: string;
  readonly scope: string;
  readonly [CONFIGURATION]: {
    readonly deployment_id: string;
    readonly custom_parameters: Record<string, string>;
    readonly claims: string[];
  };
}

describe('demo LMS: dynamic registration', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
  });
  afterEach(() => lab.close());

  const registration = (
    changes: Readonly<Record<string, unknown>> = {},
    configuration: Readonly<Record<string, unknown>> = {},
  ) => ({
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    initiate_login_uri: 'http://127.0.0.1:3999/login',
    redirect_uris: ['http://127.0.0.1:3999/launch', 'http://127.0.0.1:3999/dl'],
    client_name: 'Инструмент (динамическая регистрация)',
    jwks_uri: 'http://127.0.0.1:3999/jwks',
    logo_uri: 'http://127.0.0.1:3999/icon.png',
    token_endpoint_auth_method: 'private_key_jwt',
    scope:
      'https://purl.imsglobal.org/spec/lti-bo/scope/basicoutcome https://purl.imsglobal.org/spec/lti-ags/scope/score https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
    [CONFIGURATION]: {
      domain: '127.0.0.1:3999',
      description: 'Описание',
      target_link_uri: 'http://127.0.0.1:3999/launch',
      custom_parameters: { middle_name: '$Person.name.middle', eq: 'a=b' },
      claims: ['iss', 'sub', 'name', 'given_name', 'family_name', 'middle_name', 'email'],
      messages: [
        { type: 'LtiDeepLinkingRequest', target_link_uri: 'http://127.0.0.1:3999/dl' },
        { type: 'LtiResourceLinkRequest' },
      ],
      ...configuration,
    },
    ...changes,
  });

  async function newToken(update?: string): Promise<string> {
    const url = await lab.lms.control.registrationUrl(
      'http://localhost:3999/lti/register?invitation=x',
      update,
    );
    return new URL(url).searchParams.get('registration_token')!;
  }

  async function send(body: object | null, token: string | null, method = 'POST') {
    const response = await fetch(`${lab.lms.origin}/mod/lti/openid-registration.php`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      ...(body !== null && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type'), text };
  }

  it('begins at the tool’s address with the configuration and a token for an hour', async () => {
    const url = new URL(
      await lab.lms.control.registrationUrl('http://localhost:3999/lti/register?invitation=x'),
    );
    expect(url.searchParams.get('invitation')).to.equal('x');
    expect(url.searchParams.get('openid_configuration')).to.equal(
      `${lab.lms.origin}/mod/lti/openid-configuration.php`,
    );
    const token = url.searchParams.get('registration_token')!;
    const claims = decodeJwt(token);
    expect(claims.scope).to.equal('reg');
    expect(claims.exp! - claims.iat!).to.equal(3600);
    expect(decodeProtectedHeader(token).kid).to.be.a('string');
  });

  it('publishes an OpenID configuration with the recorded members', async () => {
    const response = await fetch(`${lab.lms.origin}/mod/lti/openid-configuration.php`);
    const body = (await response.json()) as Record<string, unknown>;
    expect(body).to.include({
      issuer: lab.lms.origin,
      authorization_endpoint: `${lab.lms.origin}/mod/lti/auth.php`,
      token_endpoint: `${lab.lms.origin}/mod/lti/token.php`,
      jwks_uri: `${lab.lms.origin}/mod/lti/certs.php`,
      registration_endpoint: `${lab.lms.origin}/mod/lti/openid-registration.php`,
    });
    const platform = body['https://purl.imsglobal.org/spec/lti-platform-configuration'];
    expect(platform).to.have.all.keys('product_family_code', 'version', 'messages_supported', 'variables');
  });

  it('makes a tool that waits for an administrator', async () => {
    const token = await newToken();
    const { status, type, text } = await send(registration(), token);
    expect(status).to.equal(200);
    expect(type).to.equal('application/json; charset=utf-8');
    const answer = JSON.parse(text) as Registered;
    expect(answer.client_id).to.equal(decodeJwt(token).sub);
    expect(answer.scope).to.equal(
      'https://purl.imsglobal.org/spec/lti-ags/scope/score https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
    );
    const configuration = answer[CONFIGURATION];
    // The second "=" cuts the value in the answer, though not at launch.
    expect(configuration.custom_parameters).to.deep.equal({ middle_name: '$Person.name.middle', eq: 'a' });
    expect(configuration.claims).to.not.include('middle_name');
    const tool = lab.lms.control.tool(configuration.deployment_id);
    expect(tool).to.deep.include({
      state: 'pending',
      name: 'Инструмент (динамическая регистрация)',
      deepLinkingUrl: 'http://127.0.0.1:3999/dl',
      redirectUrls: ['http://127.0.0.1:3999/launch', 'http://127.0.0.1:3999/dl'],
      custom: 'middle_name=$Person.name.middle\neq=a=b',
      sendName: true,
    });
    expect(() => lab.lms.control.homeLink('2', tool.id)).to.throw('no home link');
    lab.lms.control.activateTool(tool.id);
    expect(lab.lms.control.homeLink('2', tool.id).title).to.equal(tool.name);
  });

  it('takes a token once, for an hour, and only its own', async () => {
    const token = await newToken();
    await send(registration(), token);
    expect(await send(registration(), token)).to.include({ status: 401, text: 'token_already_used' });
    expect(await send(registration(), null)).to.include({ status: 401, text: 'missing_registration_token' });
    expect((await send(registration(), 'garbage')).status).to.equal(404);
    const old = await newToken();
    lab.lms.control.clock.advance(3_600_000);
    expect((await send(registration(), old)).status).to.equal(404);
    expect(lab.lms.control.tools()).to.have.length(2);
  });

  it('lets the tool mend a refused registration with the same token', async () => {
    const token = await newToken();
    expect((await send(registration({ client_name: undefined }), token)).status).to.equal(400);
    expect((await send(registration(), token)).status).to.equal(200);
  });

  const refused: readonly [string, Record<string, unknown>, Record<string, unknown>, string][] = [
    ...[
      'response_types',
      'initiate_login_uri',
      'redirect_uris',
      'client_name',
      'jwks_uri',
      'token_endpoint_auth_method',
      CONFIGURATION,
    ].map((name): [string, Record<string, unknown>, Record<string, unknown>, string] => [
      `no ${name}`,
      { [name]: undefined },
      {},
      `missing required attribute ${name}`,
    ]),
    ['no domain', {}, { domain: undefined }, 'missing_domain'],
    ['another domain', {}, { domain: 'example.org' }, 'domain_targetlinkuri_mismatch'],
    ['a domain without its port', {}, { domain: '127.0.0.1' }, 'domain_targetlinkuri_mismatch'],
    ['a native application', { application_type: 'native' }, {}, 'invalid_application_type'],
  ];
  for (const [name, changes, configuration, words] of refused) {
    it(`refuses in plain words: ${name}`, async () => {
      const answer = await send(registration(changes, configuration), await newToken());
      expect(answer).to.deep.equal({ status: 400, type: 'text/html; charset=utf-8', text: words });
      expect(lab.lms.control.tools()).to.have.length(1);
    });
  }

  it('lets a tool read and change its own registration with a token made for that', async () => {
    const token = await newToken(lab.registered.id);
    const { status, text } = await send(null, token, 'GET');
    expect(status).to.equal(200);
    expect((JSON.parse(text) as Registered).client_id).to.equal('tool-1');
    const changed = await send(registration({ client_name: 'Новое имя' }), token, 'PUT');
    expect(changed.status).to.equal(200);
    expect(lab.lms.control.tool(lab.registered.id)).to.include({
      name: 'Новое имя',
      state: 'active',
      clientId: 'tool-1',
    });
  });

  it('shows registrations to the administrator only', async () => {
    await send(registration(), await newToken());
    const page = async (person: string) => {
      const { cookie } = lab.lms.control.actAs(person);
      const response = await fetch(`${lab.lms.origin}/tools`, { headers: { cookie } });
      return { status: response.status, text: await response.text() };
    };
    const { text } = await page(ADMINISTRATOR);
    expect(text).to.contain('ожидает включения').and.contain('tool-1');
    expect((await page(STUDENT)).status).to.equal(403);
  });
});
