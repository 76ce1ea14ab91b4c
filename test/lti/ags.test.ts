import { expect } from 'chai';
import { scoresUrl } from '../../src/lti/ags.js';
import { startHouse, type House } from '../support/house.js';

describe('the address of scores', () => {
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

describe('a score that is sent', () => {
  let house: House;
  let lineItem: string;
  before(async () => {
    house = await startHouse();
    const activity = house.lms.control.addActivity('2', house.lms.control.tools()[0]!.id, {
      title: 'Тест',
      custom: 'nastavnik_kind=test\nnastavnik_id=5f0000000000000000000001',
      column: { scoreMaximum: 8 },
    });
    await house.launch({ person: '101', course: '2', link: activity.id });
    const link = await house.storage.connection
      .model('ResourceLink')
      .findOne({ 'content.kind': 'test' })
      .lean<{ lineItem: string }>();
    lineItem = link!.lineItem;
  });
  after(() => house.close());
  beforeEach(() => {
    house.lms.control.faults.clear();
    house.lms.control.faults.resetCalls();
    house.lms.control.forgetScores();
    // The LMS takes one score a second.
    house.clock.advance(2_000);
  });

  const send = (to = lineItem, registration = house.registration) =>
    house.app.lti.ags.sendScore(registration, to, {
      userId: '101',
      scoreGiven: 5,
      scoreMaximum: 8,
      timestamp: house.clock.now(),
    });

  it('goes to the line item’s address with its query', async () => {
    expect(lineItem).to.match(/\/lineitem\?type_id=\d+$/);
    expect(await send()).to.deep.equal({ kind: 'delivered' });
    expect(house.lms.control.scores).to.have.length(1);
  });

  it('to a slow LMS is delivered all the same', async () => {
    house.lms.control.faults.fail('token', { delayMs: 300, times: 1 });
    house.lms.control.faults.fail('scores', { delayMs: 300, times: 1 });
    expect(await send()).to.deep.equal({ kind: 'delivered' });
  });

  it('is to be tried again when nobody listens there', async () => {
    const dead = lineItem.replace(/:\d+\//, ':9/');
    expect(await send(dead)).to.include({ kind: 'retry' });
  });

  it('is refused for an address that may not be asked', async () => {
    for (const bad of ['ftp://lms.example/x', 'javascript:alert(1)', 'https://u:p@lms.example/x']) {
      expect(await send(bad), bad).to.include({ kind: 'refused' });
    }
  });

  it('tells what to do by what comes back', async () => {
    const answers: [number, string][] = [
      [500, 'retry'],
      [502, 'retry'],
      [503, 'retry'],
      [429, 'retry'],
      [408, 'retry'],
      [401, 'retry'],
      [409, 'conflict'],
      [400, 'refused'],
      [403, 'refused'],
      [404, 'refused'],
      [413, 'refused'],
      [302, 'refused'],
    ];
    for (const [status, kind] of answers) {
      house.lms.control.faults.fail('scores', { status, times: 1 });
      expect((await send()).kind, String(status)).to.equal(kind);
    }
  });

  it('keeps to the pause that the LMS asks for, in seconds or as a date', async () => {
    house.lms.control.faults.fail('scores', { status: 429, retryAfter: 120, times: 1 });
    expect(await send()).to.include({ retryAfterMs: 120_000 });
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    house.lms.control.faults.fail('scores', { status: 503, retryAfter: date, times: 1 });
    const outcome = await send();
    expect(outcome).to.have.property('retryAfterMs').that.is.within(3_500_000, 3_600_000);
    house.lms.control.faults.fail('scores', { status: 503, retryAfter: 'soon', times: 1 });
    expect(await send()).not.to.have.property('retryAfterMs');
  });

  it('many at once ask for one token', async () => {
    house.lms.control.revokeTokens();
    await send();
    house.lms.control.faults.resetCalls();
    await Promise.all(Array.from({ length: 8 }, () => send()));
    expect(house.lms.control.faults.calls.token).to.equal(1);
  });

  it('without a token is tried again where that can heal, and refused where not', async () => {
    for (const [status, kind] of [
      [500, 'retry'],
      [429, 'retry'],
      [400, 'refused'],
      [401, 'refused'],
    ] as const) {
      // An hour later the token is over, whatever was cached.
      house.clock.advance(3_700_000);
      house.lms.control.faults.fail('token', { status, times: 1 });
      expect((await send()).kind, String(status)).to.equal(kind);
      expect(house.lms.control.scores).to.have.length(0);
    }
    house.lms.control.faults.fail('token', { status: 200, body: '<html>maintenance', times: 1 });
    expect((await send()).kind, 'a page instead of a token').to.equal('retry');
    expect((await send()).kind).to.equal('delivered');
  });
});
