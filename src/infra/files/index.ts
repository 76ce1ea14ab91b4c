export { byteStoreOf, BytesMissing, type ByteSource, type ByteStore } from './bytes/index.js';
export type { FileOwner, FileOwnerKind, FileRecord } from './file.js';
export { createFiles, type Files, type NewFile } from './files.js';
export { filesRouter } from './files.routes.js';
export { readFileSettings, type FileSettings } from './settings.js';
export type { SweepReport } from './sweep.js';
export { copyFiles, storedFiles, verifyFiles, type CopiedFiles } from './tools.js';
export { typeOfFile } from './type.js';
export { isMultipart, uploadedFiles, uploads, type UploadedFile, type UploadRule } from './upload.js';
