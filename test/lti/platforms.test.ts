import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { customParameters, wantedOf } from '../../src/lti/dynamic-registration/tool-metadata.js';
import { generic, platformOf } from '../../src/lti/platforms/index.js';
import { configurationUrls } from '../../src/lti/registrations/platform-configuration.js';

const ISSUER = 'https://lms.example';
const unknown = { product: '', issuer: ISSUER, authUrl: `${ISSUER}/auth` };

describe('platformOf', () => {
  const recognised = [
    ['moodle', { ...unknown, product: 'moodle' }],
    ['moodle', { ...unknown, authUrl: `${ISSUER}/site/mod/lti/auth.php` }],
    ['canvas', { ...unknown, product: 'canvas' }],
    ['canvas', { ...unknown, issuer: 'https://canvas.instructure.com' }],
    ['canvas', { ...unknown, authUrl: `${ISSUER}/api/lti/authorize_redirect` }],
    ['generic', unknown],
    ['generic', { ...unknown, product: 'sakai' }],
    ['generic', { ...unknown, issuer: 'https://canvas.instructure.com.lms.example' }],
  ] as const;
  for (const [name, facts] of recognised) {
    it(`returns ${name} for ${JSON.stringify(facts)}`, () => {
      expect(platformOf(facts).name).to.equal(name);
    });
  }
});

describe('the generic platform', () => {
  it('accepts a score whatever the body of the success', () => {
    const bodies = ['', ' \n', '{}', '{"resultUrl":"https://lms.example/r"}', '[]', 'null', '"ok"', 'OK'];
    expect(bodies.filter((body) => !generic.acceptsScore(body))).to.deep.equal([]);
    const moodle = platformOf({ ...unknown, product: 'moodle' });
    expect(bodies.filter((body) => !moodle.acceptsScore(body))).to.deep.equal(['[]']);
  });

  it('knows the passing refusals of all known LMSs, and those that concern the person', () => {
    const answers = [
      { status: 403, body: '403 Forbidden (Rate Limit Exceeded)' },
      { status: 403, body: 'Forbidden' },
      { status: 400, body: '[]' },
      { status: 422, body: '{"errors":{"message":"User not found in course or is not a student"}}' },
      { status: 422, body: '{"errors":{"message":"Unprocessable"}}' },
    ];
    expect(answers.map((answer) => generic.isPassing(answer))).to.deep.equal([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(answers.map((answer) => generic.refusesPerson(answer))).to.deep.equal([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  it('decodes the entities of HTML once', () => {
    expect(generic.plainText('&lt;b&gt; &quot;A&amp;amp;B&quot; O&#039;Neil &#39; &nbsp;')).to.equal(
      '<b> "A&amp;B" O\'Neil \' &nbsp;',
    );
  });

  it('looks for a configuration at the well-known address first, then at those of all known LMSs', () => {
    expect(configurationUrls(`${ISSUER}/`)).to.deep.equal([
      `${ISSUER}/.well-known/openid-configuration`,
      `${ISSUER}/mod/lti/openid-configuration.php`,
    ]);
  });

  it('shows an administrator the names of variables that Moodle knows', () => {
    expect(customParameters()).to.deep.equal([
      'middle_name=$Person.name.middle',
      'time_zone=$Person.address.timezone',
      'groups=$Moodle.Person.userGroupIds',
      'context_history=$Context.id.history',
    ]);
  });
});

describe('wantedOf', () => {
  const configuration = {
    ...unknown,
    url: `${ISSUER}/.well-known/openid-configuration`,
    tokenUrl: `${ISSUER}/token`,
    tokenAudience: '',
    jwksUrl: `${ISSUER}/keys`,
    registrationUrl: null,
    version: '',
    scopes: [],
    messages: new Map<string, string[]>(),
  };
  const groupsOf = (product: string, ...variables: string[]): string | undefined =>
    wantedOf({ ...configuration, product, variables }).custom.groups;

  it('takes the group variable that the platform offers', () => {
    const [moodle, canvas] = ['Moodle.Person.userGroupIds', 'Canvas.group.contextIds'];
    expect(groupsOf('moodle', moodle)).to.equal(moodle);
    expect(groupsOf('canvas', canvas)).to.equal(canvas);
    expect(groupsOf('', canvas)).to.equal(canvas);
    expect(groupsOf('', canvas, moodle)).to.equal(moodle);
    expect(groupsOf('moodle', 'Person.name.full')).to.equal(undefined);
  });

  it('asks for resource links also where the configuration does not list them', () => {
    expect(wantedOf({ ...configuration, variables: [] }).messages).to.deep.equal(['LtiResourceLinkRequest']);
  });
});

describe('src/lti/platforms', () => {
  const SRC = path.resolve(import.meta.dirname, '../../src');
  const LMS = /moodle|canvas|instructure|blackboard|brightspace|desire2learn|sakai|\b(open ?)?edx|schoology/i;
  const EXEMPT = [
    'lti/platforms/',
    // Formats of files that are named after their LMS.
    'features/assessments/exchange/',
    /^features\/assessments\/types\/([\w-]+-|\w+\/)exchange\.ts$/,
    // Texts for people.
    'i18n/',
    // Words that a password must not be made of.
    'features/admin/accounts/password-rules.ts',
  ];

  /** Identifiers, strings, templates and regular expressions: everything but comments. */
  function namesIn(file: string): string[] {
    const text = readFileSync(path.join(SRC, file), 'utf8');
    if (!LMS.test(text)) return [];
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) || ts.isLiteralExpression(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
        found.push(node.text);
      } else if (ts.isTemplateHead(node)) found.push(node.text);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found.filter((name) => LMS.test(name));
  }

  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => file.endsWith('.ts'));

  it('holds every name of an LMS that the code of src has', () => {
    expect(namesIn('lti/platforms/moodle.ts')).to.include('Moodle.Person.userGroupIds');
    const naming = files
      .filter((file) => !EXEMPT.some((exempt) => file.search(exempt) === 0))
      .flatMap((file) => namesIn(file).map((name) => `${file}: ${name}`));
    expect(naming).to.deep.equal([]);
  });
});
