/**
 * `npm run story`: the main job of the whole product, played by itself over HTTP against freshly started
 * processes on free ports. One line per step; exit code 0 only if the LMS's gradebook holds the expected score.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { playStory } from './story/play.js';
import { playSecondAct } from './story/second-act.js';
import { openStage } from './story/stage.js';

const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-story-'));
try {
  const stage = await openStage(folder);
  try {
    await playSecondAct(await playStory(stage, (line) => console.log(line)));
    console.log('The story holds.');
  } finally {
    await stage.close();
  }
} catch (error) {
  console.error(`The story breaks: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
