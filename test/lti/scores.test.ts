import { expect } from 'chai';
import { scoresUrl } from '../../src/lti/services/scores.js';
import { ODD_ANSWERS } from '../../scripts/demo-lms/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

describe('scoresUrl', () => {
  const addresses: [string, string][] = [
    [
      'https://lms.example/mod/lti/services.php/2/lineitems/13/lineitem?type_id=1',
      'https://lms.example/mod/lti/services.php/2/lineitems/13/lineitem/scores?type_id=1',
    ],
    ['https://lms.example/item/', 'https://lms.example/item/scores'],
    ['https://lms.example/item', 'https://lms.example/item/scores'],
    ['https://lms.example/i%20m?a=%2F&b=c%26d&b=2', 'https://lms.example/i%20m/scores?a=%2F&b=c%26d&b=2'],
    ['https://lms.example:8443/x?q=a?b', 'https://lms.example:8443/x/scores?q=a?b'],
  ];
  for (const [lineItem, scores] of addresses) {
    it(`of ${lineItem}`, () => {
      expect(scoresUrl(lineItem)).to.equal(scores);
    });
  }
});

describe('publishing a score', () => {
  let testApp: TestApp;
  let lineItem: string;
  before(async () => {
    testApp = await startTestApp();
    const activity = testApp.lms.control.addActivity('2', testApp.lms.control.tools()[0]!.id, {
      title: 'Тест',
      custom: 'nastavnik_kind=test\nnastavnik_id=5f0000000000000000000001',
      column: { scoreMaximum: 8 },
    });
    await testApp.launch({ person: '101', course: '2', link: activity.id });
    const link = await testApp.storage.connection
      .model('ResourceLink')
      .findOne({ 'content.kind': 'test' })
      .lean<{ lineItem: string }>();
    lineItem = link!.lineItem;
  });
  after(() => testApp.close());
  beforeEach(() => {
    testApp.lms.control.faults.clear();
    testApp.lms.control.faults.resetCalls();
    testApp.lms.control.forgetScores();
    // The LMS takes one score a second.
    testApp.clock.advance(2_000);
  });

  const send = (
    to = lineItem,
    registration = testApp.registration,
    scopes: readonly string[] | null = null,
  ) =>
    testApp.app.lti.scores.sendScore({ registration, scopes }, to, {
      userId: '101',
      scoreGiven: 5,
      scoreMaximum: 8,
      timestamp: testApp.clock.now(),
    });

  it('posts to the line item’s address and keeps its query', async () => {
    expect(lineItem).to.match(/\/lineitem\?type_id=\d+$/);
    expect(await send()).to.deep.equal({ kind: 'delivered' });
    expect(testApp.lms.control.scores).to.have.length(1);
  });

  it('delivers to a slow LMS', async () => {
    testApp.lms.control.faults.fail('token', { delayMs: 300, times: 1 });
    testApp.lms.control.faults.fail('scores', { delayMs: 300, times: 1 });
    expect(await send()).to.deep.equal({ kind: 'delivered' });
  });

  it('is retried when the connection is refused', async () => {
    const dead = lineItem.replace(/:\d+\//, ':9/');
    expect(await send(dead)).to.include({ kind: 'retry' });
  });

  it('is refused when requests to the address are not allowed', async () => {
    for (const bad of ['ftp://lms.example/x', 'javascript:alert(1)', 'https://u:p@lms.example/x']) {
      expect(await send(bad), bad).to.include({ kind: 'refused' });
    }
  });

  it('decides by the answer whether the score is delivered, retried or refused', async () => {
    const answers: [number, string][] = [
      [500, 'retry'],
      [502, 'retry'],
      [503, 'retry'],
      [429, 'retry'],
      [408, 'retry'],
      [409, 'conflict'],
      [400, 'refused'],
      [403, 'refused'],
      [404, 'refused'],
      [413, 'refused'],
      [302, 'retry'],
      [307, 'retry'],
      [410, 'refused'],
    ];
    for (const [status, kind] of answers) {
      testApp.lms.control.faults.fail('scores', { status, times: 1 });
      expect((await send()).kind, String(status)).to.equal(kind);
    }
  });

  it('is taken by an LMS that wants an Accept of its media type', async () => {
    testApp.lms.control.setOddity('scores-need-accept');
    expect(await send()).to.deep.equal({ kind: 'delivered' });
    testApp.lms.control.setOddity('scores-need-accept', false);
  });

  it('is delivered whatever a success looks like', async () => {
    for (const answer of [
      ODD_ANSWERS.plainOk,
      { status: 204, when: 'after' },
      { status: 202, body: 'null' },
    ] as const) {
      testApp.clock.advance(2_000);
      testApp.lms.control.faults.fail('scores', { ...answer, times: 1 });
      expect(await send(), JSON.stringify(answer)).to.deep.equal({ kind: 'delivered' });
    }
    testApp.lms.control.faults.fail('scores', { ...ODD_ANSWERS.emptyList, times: 2 });
    expect(await send()).to.include({ kind: 'retry' });
    // Only one LMS says no in this way.
    const other = { ...testApp.registration, authUrl: 'https://lms.example/auth' };
    expect(await send(lineItem, other)).to.deep.equal({ kind: 'delivered' });
  });

  it('is retried after a passing refusal of its LMS', async () => {
    testApp.lms.control.faults.fail('scores', { ...ODD_ANSWERS.maintenance, times: 1 });
    expect(await send()).to.include({ kind: 'retry', unhealthy: true });
    const canvas = { ...testApp.registration, product: 'canvas', authUrl: 'https://lms.example/auth' };
    testApp.lms.control.faults.fail('scores', { ...ODD_ANSWERS.rateLimit, times: 1 });
    expect(await send(lineItem, canvas)).to.include({ kind: 'retry', unhealthy: true });
    testApp.lms.control.faults.fail('scores', { status: 403, body: 'No', times: 1 });
    expect(await send(lineItem, canvas)).to.include({ kind: 'refused' });
  });

  it('says that the line item is gone, or that the person is no participant', async () => {
    for (const status of [404, 410]) {
      testApp.lms.control.faults.fail('scores', { status, times: 1 });
      expect(await send()).to.include({ kind: 'refused', problem: 'no-line-item' });
    }
    testApp.lms.control.unenrol('2', '101');
    expect(await send()).to.deep.equal({ kind: 'refused', problem: 'not-member', reason: '400 []' });
    testApp.lms.control.enrol('2', '101', 'student');
  });

  it('requests one new token after a 401, and is retried later after a second 401', async () => {
    await send();
    testApp.clock.advance(2_000);
    testApp.lms.control.revokeTokens();
    testApp.lms.control.faults.resetCalls();
    expect(await send()).to.deep.equal({ kind: 'delivered' });
    expect(testApp.lms.control.faults.calls).to.include({ token: 1, scores: 2 });
    testApp.lms.control.faults.resetCalls();
    testApp.lms.control.faults.fail('scores', { status: 401 });
    expect(await send()).to.include({ kind: 'retry', unhealthy: true });
    expect(testApp.lms.control.faults.calls).to.include({ token: 1, scores: 2 });
  });

  it('is refused without a request when neither launch nor registration granted the scope', async () => {
    const score = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';
    const other = 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly';
    const { registration } = testApp;
    testApp.lms.control.revokeTokens();
    for (const [scopes, registered, delivered] of [
      [[other], null, false],
      [[], [score], false],
      [null, [other], false],
      [null, [], false],
      [null, [score, other], true],
      // The launch is the newer word.
      [[score], [], true],
      [null, null, true],
    ] as const) {
      testApp.clock.advance(2_000);
      testApp.lms.control.faults.resetCalls();
      const outcome = await send(lineItem, { ...registration, scopes: registered }, scopes);
      const what = JSON.stringify([scopes, registered]);
      if (delivered) expect(outcome, what).to.deep.equal({ kind: 'delivered' });
      else {
        expect(outcome, what).to.include({ kind: 'refused', problem: 'no-scope' });
        expect(testApp.lms.control.faults.calls, what).to.include({ token: 0, scores: 0 });
      }
    }
  });

  it('reports no-scope when the token lacks the scope', async () => {
    const tool = testApp.lms.control.tools()[0]!;
    const { scopes } = tool;
    testApp.lms.control.changeTool(tool.id, { scopes: [] });
    testApp.clock.advance(3_700_000);
    expect(await send()).to.include({ kind: 'retry', problem: 'no-scope' });
    testApp.lms.control.changeTool(tool.id, { scopes });
    testApp.lms.control.faults.fail('token', {
      status: 200,
      body: '{"access_token":"x","scope":"https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"}',
      times: 1,
    });
    expect(await send()).to.include({ kind: 'retry', problem: 'no-scope' });
    // A notation of the platform's own says nothing: the score goes, with a token that is none here.
    testApp.lms.control.faults.fail('token', {
      status: 200,
      body: '{"access_token":"x","scope":"*"}',
      times: 1,
    });
    expect(await send()).to.deep.equal({ kind: 'delivered' });
  });

  it('returns the LMS’s Retry-After, in seconds or as a date', async () => {
    testApp.lms.control.faults.fail('scores', { status: 429, retryAfter: 120, times: 1 });
    expect(await send()).to.include({ retryAfterMs: 120_000 });
    testApp.clock.advance(86_400_000);
    const date = new Date(testApp.clock.now().getTime() + 3_600_000).toUTCString();
    testApp.lms.control.faults.fail('scores', { status: 503, retryAfter: date, times: 1 });
    const outcome = await send();
    expect(outcome).to.have.property('retryAfterMs').that.is.within(3_500_000, 3_600_000);
    testApp.lms.control.faults.fail('scores', { status: 503, retryAfter: 'soon', times: 1 });
    expect(await send()).not.to.have.property('retryAfterMs');
  });

  it('requests one token for many scores at once', async () => {
    testApp.lms.control.revokeTokens();
    await Promise.all(Array.from({ length: 8 }, () => send()));
    expect(testApp.lms.control.faults.calls.token).to.equal(1);
  });

  it("is retried with the LMS's message when there is no token", async () => {
    for (const [status, kind] of [
      [500, 'retry'],
      [429, 'retry'],
      [400, 'retry'],
      [401, 'retry'],
      [403, 'retry'],
    ] as const) {
      // An hour later the token is over, whatever was cached.
      testApp.clock.advance(3_700_000);
      testApp.lms.control.faults.fail('token', {
        status,
        times: 1,
        body: '{"error":"invalid_client","error_description":"No such key"}',
      });
      expect(await send(), String(status)).to.include({
        kind,
        problem: 'token',
        reason: `${status} No such key`,
      });
      expect(testApp.lms.control.scores).to.have.length(0);
    }
    testApp.lms.control.faults.fail('token', { status: 200, body: '<html>maintenance', times: 1 });
    expect((await send()).kind, 'a page instead of a token').to.equal('retry');
    expect((await send()).kind).to.equal('delivered');
  });
});
