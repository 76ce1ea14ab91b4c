import type { FileSettings } from '../settings.js';
import type { ByteStore } from './byte-store.js';
import { DiskBytes, TemporaryBytes } from './disk.js';
import { createS3Bytes } from './s3.js';

export { BytesMissing, type ByteRange, type ByteSource, type ByteStore } from './byte-store.js';

/** The store that the settings name. Touches nothing until it is used. */
export function byteStoreOf(settings: FileSettings): ByteStore {
  switch (settings.kind) {
    case 'disk':
      return new DiskBytes(settings.folder);
    case 's3':
      return createS3Bytes(settings);
    case 'temporary':
      return new TemporaryBytes();
  }
}
