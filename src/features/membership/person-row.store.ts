import { Schema, type Connection, type Types } from 'mongoose';
import { fullName, nameWords, type PersonName } from '../../shared/names.js';
import { modelOf } from '../../storage/index.js';

/** A person as one registration knows them: `sub` is unique only there (Core 1.3, 5.3.6). */
export interface Person {
  readonly id: string;
  readonly registrationId: string;
  readonly sub: string;
  readonly name: PersonName;
  readonly email: string;
}

export interface PersonRow {
  registrationId: string;
  sub: string;
  name: PersonName;
  email: string;
  /** Of the name, to search by. */
  words: string[];
  /** Orders lists as names are ordered: Ёлкин after Егоров. Absent until the next change in rows of earlier versions. */
  sortKey?: string;
  /** Since when there is no such person any more: erased, or part of another. */
  goneAt?: Date;
  /** Digest of the registration and the LMS's id of an erased person: a roster does not bring them back. */
  erasedAs?: string;
  /** The person this one is part of: who comes under this `sub` is that one. */
  mergedInto?: string;
}

const schema = new Schema<PersonRow>(
  {
    registrationId: { type: String, required: true },
    sub: { type: String, required: true },
    name: {
      surname: { type: String, default: '' },
      givenName: { type: String, default: '' },
      patronymic: { type: String, default: '' },
    },
    email: { type: String, default: '' },
    words: { type: [String], default: [] },
    sortKey: { type: String },
    goneAt: { type: Date },
    erasedAs: { type: String },
    mergedInto: { type: String },
  },
  { timestamps: true, collection: 'people', versionKey: false },
);
schema.index({ registrationId: 1, sub: 1 }, { unique: true });
schema.index({ registrationId: 1, email: 1 });
schema.index({ words: 1 });
// Lists leave out those who are gone, in the order of names.
schema.index({ goneAt: 1, sortKey: 1, _id: 1 });
schema.index({ erasedAs: 1 }, { sparse: true });
schema.index({ mergedInto: 1 }, { sparse: true });
schema.index({ sortKey: 1, _id: 1 });

export type FoundPerson = PersonRow & { _id: Types.ObjectId };

export const peopleModel = (connection: Connection) => modelOf(connection, 'Person', schema);

export const personOf = (row: FoundPerson): Person => ({
  id: row._id.toString(),
  registrationId: row.registrationId,
  sub: row.sub,
  name: { surname: row.name.surname, givenName: row.name.givenName, patronymic: row.name.patronymic },
  email: row.email,
});

/** The first two names are enough; the order of bytes must be that of the alphabet. */
export const sortKeyOf = ({ surname, givenName }: PersonName): string =>
  nameWords(`${surname} ${givenName}`).join(' ').slice(0, 100);

/** Names come from outside: a very long one is found by its beginning. */
const MOST_WORDS = 12;
const APOSTROPHES = /(?<=\p{L})['’ʼ`´‘](?=\p{L})/gu;

/** `О’Нил` is found by its parts and as one word. */
const wordsOf = (name: PersonName): string[] => {
  const whole = fullName(name);
  return [...new Set([...nameWords(whole), ...nameWords(whole.replace(APOSTROPHES, ''))])].slice(
    0,
    MOST_WORDS,
  );
};

/** What a name is searched and sorted by. */
export const searchableOf = (name: PersonName): { words: string[]; sortKey: string } => ({
  words: wordsOf(name),
  sortKey: sortKeyOf(name),
});
