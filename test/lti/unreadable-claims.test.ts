import { decodeJwt } from 'jose';
import { expect } from 'chai';
import { CLAIM } from '../../src/lti/index.js';
import { readClaims } from '../../src/lti/claims/claims.js';
import type { Oddity } from '../../scripts/demo-lms/index.js';
import { launchLink, launchSelection } from '../support/lms.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const DATA = 'https://purl.imsglobal.org/spec/lti-dl/claim/data';

const required = {
  iss: 'https://lms.example',
  sub: '1',
  aud: 'client',
  exp: 2,
  iat: 1,
  nonce: 'n',
  [CLAIM.messageType]: 'LtiResourceLinkRequest',
  [CLAIM.version]: '1.3.0',
  [CLAIM.deploymentId]: '1',
  [CLAIM.roles]: [],
};
const read = (claims: object) => {
  const found = readClaims({ ...required, ...claims });
  if ('claim' in found) throw new Error(`refused for ${found.claim}`);
  return found;
};

describe('optional claims that cannot be read', () => {
  /** Everything that is optional: the claim, or a member of it. */
  const OPTIONAL: [string, (value: unknown) => object][] = [
    ...['name', 'given_name', 'family_name', 'middle_name', 'email', 'locale'].map(
      (name): [string, (value: unknown) => object] => [name, (value) => ({ [name]: value })],
    ),
    ['context.title', (value) => ({ [CLAIM.context]: { id: '1', title: value } })],
    ['resource_link.title', (value) => ({ [CLAIM.resourceLink]: { id: '1', title: value } })],
    ['launch_presentation', (value) => ({ [CLAIM.launchPresentation]: value })],
    ['launch_presentation.locale', (value) => ({ [CLAIM.launchPresentation]: { locale: value } })],
    ['launch_presentation.return_url', (value) => ({ [CLAIM.launchPresentation]: { return_url: value } })],
    ['custom.a', (value) => ({ [CLAIM.custom]: { a: value } })],
    ['for_user', (value) => ({ [CLAIM.forUser]: value })],
    ['endpoint', (value) => ({ [CLAIM.ags]: value })],
    ['endpoint.lineitem', (value) => ({ [CLAIM.ags]: { lineitem: value } })],
    ['endpoint.lineitems', (value) => ({ [CLAIM.ags]: { lineitems: value } })],
    ['namesroleservice', (value) => ({ [CLAIM.nrps]: value })],
    ['groupsservice', (value) => ({ [CLAIM.groups]: value })],
    ['platformnotificationservice', (value) => ({ [CLAIM.notices]: value })],
    ['deep_linking_settings', (value) => ({ [CLAIM.deepLinkingSettings]: value })],
  ];

  for (const [name, claims] of OPTIONAL) {
    it(`${name}: count as absent and are noted; empty ones count as absent`, () => {
      expect(read(claims([{ odd: true }])).unreadable).to.deep.equal([name]);
      const { claims: found } = read(claims([{ odd: true }]));
      expect(JSON.stringify(found)).not.to.contain('odd');
      for (const empty of [null, '', [], {}, undefined]) {
        const { unreadable } = read(claims(empty));
        if (name !== 'custom.a' || empty === null)
          expect(unreadable, JSON.stringify(empty)).to.deep.equal([]);
      }
    });
  }

  it('leave their readable neighbours', () => {
    const { claims, unreadable } = read({
      [CLAIM.custom]: { good: 'yes', number: 5, scheme: [{ name: 'A' }], gone: null },
      [CLAIM.ags]: { scope: ['one', 7], lineitem: 'https://lms.example/1', lineitems: 5 },
    });
    expect([...claims[CLAIM.custom]]).to.deep.equal([
      ['good', 'yes'],
      ['number', '5'],
    ]);
    expect(claims[CLAIM.ags]).to.deep.include({ scope: ['one'], lineitem: 'https://lms.example/1' });
    expect(unreadable).to.have.members(['custom.scheme', 'endpoint.scope', 'endpoint.lineitems']);
  });

  it('are not those that are demanded', () => {
    for (const claim of Object.keys(required)) {
      for (const odd of [undefined, null, [{}], {}]) {
        expect(readClaims({ ...required, [claim]: odd }), claim).to.deep.equal({ claim });
      }
    }
    for (const claim of [CLAIM.context, CLAIM.resourceLink]) {
      expect(readClaims({ ...required, [claim]: { title: 'no id' } })).to.deep.equal({ claim });
    }
    expect(readClaims({ ...required, azp: {} })).to.deep.equal({ claim: 'azp' });
  });

  it('cuts a long text instead of refusing it', () => {
    expect(read({ name: 'я'.repeat(20_000) }).claims.name).to.have.length(10_000);
  });
});

describe('launches of LMSs that write optional things oddly', () => {
  let testApp: TestApp;
  beforeEach(async () => {
    testApp = await startTestApp();
  });
  afterEach(() => testApp.close());

  const odd: Oddity[] = [
    'empty-custom',
    'list-in-custom',
    'empty-nrps',
    'blank-client-id',
    'long-description',
  ];
  for (const oddity of odd) {
    it(`come in: ${oddity}`, async () => {
      testApp.lms.control.setOddity(oddity);
      const visitor = await testApp.launch({ person: '101', course: '2' });
      expect((await visitor.get('')).status).to.equal(200);
    });
  }

  for (const [oddity, data] of [
    ['null-data', null],
    ['object-data', { course: [5, 'x', true, null] }],
  ] as const) {
    it(`get the data of Deep Linking back unaltered: ${oddity}`, async () => {
      testApp.lms.control.setOddity(oddity);
      const { browser, response } = await launchSelection(testApp.lms, { person: '11', course: '2' });
      expect(response.status, response.text).to.equal(200);
      const cancel = response.forms.find(({ action }) => action.endsWith('/cancel'))!;
      const back = await browser.submit(response, cancel);
      const jwt = back.forms.find(({ fields }) => 'JWT' in fields)!.fields.JWT!;
      expect(decodeJwt(jwt)[DATA]).to.deep.equal(data);
    });
  }

  it('are noted in the log of launches, by the names of what could not be read', async () => {
    testApp.lms.control.setOddity('list-in-custom');
    await testApp.launch({ person: '101', course: '2' });
    const { launches } = await testApp.app.features.launches.log.read({}, 1);
    expect(launches[0]).to.deep.include({
      accepted: true,
      unreadable: ['custom.canvas_course_gradingscheme'],
    });
  });

  it('without a link or a target are told so in this tool’s words', async () => {
    for (const [claim, name] of [
      [CLAIM.resourceLink, 'resource_link'],
      [CLAIM.targetLinkUri, 'target_link_uri'],
    ] as const) {
      const { response } = await launchLink(testApp.lms, {
        ...{ person: '101', course: '2' },
        forge: ({ claims }) => ({ ...claims, [claim]: undefined }),
      });
      expect(response.status).to.equal(400);
      expect(response.text).to.contain('lti-claim').and.contain(name).and.not.contain('lti-token-refused');
    }
  });
});
