import type { mongo } from 'mongoose';
import type { SealedField, Sealer } from '../../shared/sealing.js';
import { isSealed } from '../../shared/sealing.js';
import { isDocument, type Doc } from '../embedded/bson.js';
import type { Storage } from '../index.js';
import { StorageError } from '../storage-error.js';
import { databaseOf, documentsById } from './records.js';

export interface ResealReport {
  /** Sealed under the new secret by this run. */
  readonly resealed: number;
  /** Found sealed with the new secret already: an earlier run was interrupted. */
  readonly before: number;
}

/** Nothing was changed. */
export class ResealRefused extends StorageError {
  constructor(
    message: string,
    /** An earlier run has sealed something with the new secret: it must not be thrown away. */
    readonly begun: boolean,
  ) {
    super(message);
  }
}

/** A sealed text, and how to address it. */
interface Place {
  readonly collection: string;
  readonly id: unknown;
  readonly path: string;
  readonly text: string;
}

/**
 * Opens everything sealed with one secret and seals it with another. Looks at all of it before it changes
 * anything; each change is atomic and only replaces what was read. Interrupted, it is simply run again.
 * @param fields all that is ever sealed
 * @param ignored fields, as `collection.path`, where people typed what only looks sealed
 * @throws ResealRefused when a text opens with neither secret, or lies where no field is known
 */
export async function reseal(
  storage: Storage,
  fields: readonly SealedField[],
  from: Sealer,
  to: Sealer,
  ignored: readonly string[] = [],
): Promise<ResealReport> {
  const places = (await sealedPlaces(storage)).filter((place) => !ignored.includes(nameOf(place)));
  const old: { place: Place; plain: string; purpose: string }[] = [];
  let before = 0;
  let refusal: string | undefined;
  for (const place of places) {
    const { collection, path, text } = place;
    const field = fields.find((field) => collection === field.collection && path === field.path);
    if (!field) {
      refusal ??= `${nameOf(place)} holds what looks like sealed text, and nothing is sealed there: add --ignore ${nameOf(place)} if somebody typed it`;
      continue;
    }
    const plain = openOptional(from, text, field.purpose);
    if (plain !== undefined) old.push({ place, plain, purpose: field.purpose });
    else if (openOptional(to, text, field.purpose) !== undefined) before++;
    else refusal ??= `SECRET: does not open ${nameOf(place)}: it is not the secret in use`;
  }
  if (refusal !== undefined) throw new ResealRefused(refusal, before > 0);
  for (const { place, plain, purpose } of old) {
    const { collection, id, path, text } = place;
    const { matchedCount } = await databaseOf(storage)
      .collection(collection)
      .updateOne({ _id: id as mongo.ObjectId, [path]: text }, { $set: { [path]: to.seal(plain, purpose) } });
    if (matchedCount === 0)
      throw new StorageError(`${nameOf(place)} was changed meanwhile: stop the server and run this again`);
  }
  return { resealed: old.length, before };
}

const nameOf = ({ collection, path }: Place): string => `${collection}.${path}`;

function openOptional(sealer: Sealer, text: string, purpose: string): string | undefined {
  try {
    return sealer.open(text, purpose);
  } catch {
    return undefined;
  }
}

async function sealedPlaces(storage: Storage): Promise<Place[]> {
  const places: Place[] = [];
  for (const { name } of await databaseOf(storage).listCollections().toArray()) {
    if (name.startsWith('system.')) continue;
    for await (const doc of documentsById(storage, name)) {
      for (const [path, text] of sealedTexts(doc)) places.push({ collection: name, id: doc._id, path, text });
    }
  }
  return places;
}

function* sealedTexts(value: unknown, path = ''): Generator<[path: string, text: string], void> {
  if (typeof value === 'string') {
    if (isSealed(value)) yield [path, value];
  } else if (Array.isArray(value) || isDocument(value)) {
    for (const [name, item] of Object.entries(value as Doc)) {
      yield* sealedTexts(item, path === '' ? name : `${path}.${name}`);
    }
  }
}
