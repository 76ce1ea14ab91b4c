import { expect } from 'chai';
import { rm } from 'node:fs/promises';
import { run, newFolder, startTool, type Tool } from '../processes/run.js';
import { startLms, type DemoLms } from '../support/lms.js';
import { ADDRESSES } from './attacks/addresses.js';
import { CLAIMS } from './attacks/claims.js';
import { COOKIELESS } from './attacks/cookieless.js';
import { DOORS } from './attacks/doors.js';
import { KEY_SETS } from './attacks/keysets.js';
import { answerOf, holdLaunch, Lab, type Answer, type Attack } from './attacks/lab.js';
import { LOGINS, manyTimes } from './attacks/logins.js';
import { REVIEWS } from './attacks/reviews.js';
import { TEXTS } from './attacks/texts.js';
import { TOKENS } from './attacks/tokens.js';
import { TRESPASSES } from './attacks/trespasses.js';

/** Every known attack on a launch, and the answer it got; printed at the end. */
describe('attacks on LTI messages', function () {
  this.timeout(120_000);
  const table: (readonly [name: string, answer: string])[] = [];
  const noted = (name: string, answers: readonly Answer[]): void => {
    table.push([name, [...new Set(answers)].join(' | ')]);
  };
  after(() => {
    const width = Math.max(...table.map(([name]) => name.length));
    const lines = table.map(([name, answer]) => `      ${name.padEnd(width)}  → ${answer}\n`);
    process.stdout.write(lines.join(''));
  });

  const groups: readonly (readonly [string, readonly Attack[]])[] = [
    ['the honest launch', [{ name: 'nothing changed', answer: '303', run: (lab) => lab.launch({}) }]],
    ['tokens', TOKENS],
    ['claims', CLAIMS],
    ['submission reviews', REVIEWS],
    ['logins, states, sessions', LOGINS],
    ['key sets', KEY_SETS],
    ['hostile text', TEXTS],
    ['people, courses and platforms', TRESPASSES],
    ['one door’s key at another', DOORS],
    ['logins that no cookie holds', COOKIELESS],
    ['addresses, hosts and methods', ADDRESSES],
  ];
  for (const [group, attacks] of groups) {
    describe(group, () => {
      let lab: Lab;
      before(async () => {
        lab = await Lab.open();
      });
      after(() => lab.close());

      for (const attack of attacks) {
        const { name, answer } = attack;
        it(name, async () => {
          const answers = [await attack.run(lab)].flat();
          noted(name, answers);
          for (const item of answers) expect(item).to.equal(answer);
          expect(answers).not.to.deep.equal([]);
        });
      }

      it('leave the application working', async () => {
        expect(await lab.send('/healthz')).to.equal('200');
        expect(await lab.launch({})).to.equal('303');
      });
    });
  }

  describe('one launch sent many times', () => {
    let folder: string;
    let lms: DemoLms;
    let tools: readonly Tool[] = [];
    before(async () => {
      folder = await newFolder();
      lms = await startLms();
      const first = await startTool(folder);
      // The other process serves the same address, as behind a load balancer.
      tools = [first, await startTool(folder, { PUBLIC_URL: first.origin })];
      const tool = lms.control.registerTool({ url: first.origin });
      const { code, err } = await run(
        'scripts/platform.ts',
        [
          ...['add', '--issuer', lms.origin, '--client-id', tool.clientId],
          ...[
            '--auth-url',
            `${lms.origin}/mod/lti/auth.php`,
            '--token-url',
            `${lms.origin}/mod/lti/token.php`,
          ],
          ...['--jwks-url', `${lms.origin}/mod/lti/certs.php`, '--deployment', tool.deploymentId],
        ],
        first.env,
      );
      expect(code, err).to.equal(0);
    });
    after(async () => {
      await Promise.all(tools.map(({ running }) => running.stop()));
      await lms.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('is accepted once of 50 times at the same moment in two processes', async () => {
      const held = await holdLaunch(lms);
      const counted = await manyTimes(
        held,
        async (browser, posted, origin) =>
          answerOf(await browser.post(`${origin}/lti/launch`, posted, { from: lms.origin, follow: false })),
        tools.map(({ origin }) => origin),
        50,
      );
      noted('the same token 50 times at once, over two processes', [counted]);
      expect(counted).to.equal('1 × 303, 49 × 403 lti-state');
    });
  });
});
