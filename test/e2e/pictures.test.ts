import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { PICTURES, takePictures } from '../../scripts/pictures/walk.js';
import { seedApp } from '../../scripts/seed/index.js';
import { startTestApp } from '../support/test-app.js';
import { launchChromium } from './browser.js';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The names of the pictures that a README shows. */
const shownIn = (readme: string, language: string): string[] =>
  [...readFileSync(path.join(ROOT, readme), 'utf8').matchAll(/docs\/pictures\/([\w-]+)\.(\w+)\.png/g)].map(
    ([, name, of]) => {
      expect(of, readme).to.equal(language);
      return name ?? '';
    },
  );

describe('npm run pictures', () => {
  it('takes each picture that the READMEs show', async () => {
    expect(shownIn('README.md', 'en')).to.have.members([...PICTURES]);
    expect(shownIn('README.ru.md', 'ru')).to.have.members([...PICTURES]);

    const testApp = await startTestApp();
    const browser = await launchChromium();
    const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-pictures-'));
    try {
      const { clientId, deployments } = testApp.registration;
      const { origin } = testApp.lms;
      await seedApp(testApp.app, { origin, clientId, deploymentId: deployments[0] ?? '' });
      const files = await takePictures({
        ...{ browser, lms: origin, tool: testApp.origin, language: 'en' as const, folder },
      });
      expect(files.map((file) => path.basename(file))).to.deep.equal(
        PICTURES.map((name) => `${name}.en.png`),
      );
      for (const file of files) expect(readFileSync(file).subarray(1, 4).toString(), file).to.equal('PNG');
    } finally {
      await browser.close();
      await testApp.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
