import fc from 'fast-check';
import { rounds } from '../../support/rounds.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { action, BEGINNINGS } from './model-actions.js';
import { createPlayer } from './model-player.js';

const SEQUENCES = rounds(300, 10_000);
const LONGEST = 6;

describe('consultations: any sequence of actions', function () {
  this.timeout(60_000 + SEQUENCES * 200);
  let testApp: TestApp;
  let player: Awaited<ReturnType<typeof createPlayer>>;

  before(async () => {
    testApp = await startTestApp();
    player = await createPlayer(testApp);
    // Nothing but the actions changes what is stored: offers are made by the test, messages are another test's.
    await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
  });
  after(() => testApp.close());

  it(`answers and stores as the plain model says, in ${SEQUENCES} sequences`, async () => {
    const sequence = fc.tuple(
      fc.constantFrom(...BEGINNINGS),
      fc.array(action, { minLength: 2, maxLength: LONGEST }),
    );
    const property = fc.asyncProperty(sequence, ([beginning, rest]) => player.play([...beginning, ...rest]));
    await fc.assert(property, {
      numRuns: SEQUENCES,
      ...(process.env.FC_SEED !== undefined && { seed: Number(process.env.FC_SEED) }),
    });
  });
});
