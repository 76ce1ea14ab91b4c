import { expect } from 'chai';
import { setStage } from '../flows/stage.js';
import { startHouse, type House } from '../support/house.js';
import { Browser, launchLink } from '../support/lms.js';

/**
 * OWASP ASVS 4.0.3, 7.1.1 and 7.1.2: with the log as talkative as it gets, through something of every room, and
 * through failures of every kind, no line says whose lesson it was or lets anybody in.
 */
describe('security: the log of a whole story', function () {
  this.timeout(60_000);
  let house: House;
  let log = '';
  const secrets: string[] = [];

  before(async () => {
    house = await startHouse({ logLevel: 'trace', logTo: { write: (line) => void (log += line) } });
    const stage = await setStage(house);
    house.lms.control.offerStorage('_parent');
    for (const visitor of Object.values(stage.visitors)) {
      secrets.push(await visitor.csrf());
      const cookie = visitor.browser.cookie(house.origin, 'nastavnik') ?? '';
      secrets.push(cookie, decodeURIComponent(cookie).slice(2, 30));
      await visitor.get('directory?search=Иванов');
      await visitor.get('/directory?search=Тестов');
      await visitor.submit('tests', { title: 'Секретная контрольная Пушкина', email: 'pupil@example.org' });
    }
    // A launch that is refused, one whose platform is down, one without cookies, one that ends in a fault of ours.
    const student = { person: '101', course: '2', follow: false } as const;
    const noted = async (launching: ReturnType<typeof launchLink>): Promise<void> => {
      const { post } = await launching;
      if (post !== null) secrets.push(post.fields.id_token ?? '', post.fields.state ?? '');
    };
    await noted(
      launchLink(house.lms, { ...student, forge: ({ claims }) => ({ ...claims, sub: { $ne: 1 } }) }),
    );
    house.lms.control.rotateKey({ keepOld: false });
    house.lms.control.faults.fail('jwks', { status: 503, times: 1 });
    await noted(launchLink(house.lms, student));
    house.clock.advance(60_000);
    await noted(
      launchLink(house.lms, {
        ...student,
        browser: new Browser({ framedBy: house.lms.origin, thirdParty: 'blocked' }),
      }),
    );
    const people = house.storage.connection.model('Person').collection;
    const find = people.findOne.bind(people);
    people.findOne = () => Promise.reject(new Error('no database'));
    await noted(launchLink(house.lms, student));
    people.findOne = find;
    await house.anonymous().submit('/admin/login', { login: 'Ivanova', password: 'correct horse battery' });
  });
  after(() => house.close());

  it('holds requests, and the failure', () => {
    const lines = log.trim().split('\n');
    expect(lines.length).to.be.above(60);
    expect(log)
      .to.contain('"path":"/lti/launch"')
      .and.to.contain('request failed')
      .and.to.contain('no database');
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.to.throw();
  });

  it('7.1.2: and nobody’s name, mail or number', () => {
    const people = ['3', '11', '15', '101', '103', '135'].map((id) => house.lms.control.person(id));
    const words = people.flatMap(({ familyName, givenName, middleName, email, username, idNumber }) => [
      ...[familyName, givenName, middleName, email, username, idNumber].filter((word) => word.length > 2),
    ]);
    expect(words.length).to.be.above(20);
    for (const word of [...words, 'Рисованов', 'Иванов', 'Тестов', 'Пушкина', 'pupil@', '@'])
      expect(log.includes(word), word).to.equal(false);
  });

  it('7.1.1: and no cookie, token, password or key', () => {
    const kept = secrets.filter((secret) => secret !== '');
    expect(kept.length).to.be.above(15);
    for (const secret of [...kept, 'correct horse', 'Ivanova', 'PRIVATE KEY', 'a secret for tests', 'Bearer'])
      expect(log.includes(secret), secret).to.equal(false);
    expect(log, 'a token of any kind').not.to.match(/eyJ[\w-]{10,}\./);
    expect(log).not.to.match(/csrf|login_hint|id_token|"cookie"|authorization/i);
  });
});
