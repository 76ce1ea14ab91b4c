/** Stores a file, or removes one, and is killed at the step that it is told. */
import type { FileSettings } from '../../../src/infra/files/index.js';
import { newFile, startFilesLab } from './lab.js';

const [databaseUrl = '', folder = '', act, step] = process.argv.slice(2);
const settings: FileSettings = { kind: 'disk', folder, chosen: true };
const lab = await startFilesLab({ databaseUrl, settings });
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('still alive');
};

const { bytes } = lab.files;
const put = bytes.put.bind(bytes);
const remove = bytes.remove.bind(bytes);
bytes.put = async (id, source) => {
  if (act === 'store' && step === 'before-bytes') die();
  await put(id, source);
  if (act === 'store' && step === 'after-bytes') die();
};
const file = await lab.files.store(newFile('важное'));
if (act === 'store') die();
bytes.remove = async (id) => {
  if (step === 'before-bytes-gone') die();
  await remove(id);
  if (step === 'after-bytes-gone') die();
};
await lab.files.remove([file.id]);
