import { Schema, type Connection, type Types } from 'mongoose';
import { modelOf } from '../../../storage/index.js';
import { CONTACT_KINDS, NO_CREDENTIALS, NO_NAME_CASES } from './card.js';
import type { Card, CardContent, Contact, Credentials, Detail, NameCases, Photo, PostTerm } from './card.js';
import { changesDirectory } from '../version.store.js';

/** What a card says, and what it is sorted and found by (words.ts). */
export interface CardRecord extends CardContent {
  /** Absent: they stay as they are. */
  readonly postTerms?: readonly PostTerm[];
  readonly sortKey: string;
  readonly search: string;
}

export type Row = Omit<
  Card,
  'id' | 'personIds' | 'photo' | 'contacts' | 'details' | 'nameCases' | 'postTerms' | keyof Credentials
> &
  Partial<Credentials> & {
    nameCases?: NameCases;
    postTerms?: readonly PostTerm[];
    contacts?: readonly Contact[];
    details: Readonly<Partial<Record<string, Detail>>>;
    photo?: Photo | null;
    /** Absent rather than empty: an index counts an empty list as a value, and a unique one takes it once. */
    personIds?: readonly string[];
    /** Addresses of cards that were merged into this one. */
    oldSlugs?: readonly string[];
    sortKey: string;
    search: string;
  };

const consent = new Schema(
  {
    at: { type: Date, required: true },
    personId: { type: String, default: '' },
    name: { type: String, default: '' },
    text: { type: String },
  },
  { _id: false },
);
const contact = new Schema<Contact>(
  {
    id: { type: String, required: true },
    kind: { type: String, required: true },
    value: { type: String, required: true },
    purpose: { type: String, default: 'any' },
    hours: { type: String, default: '' },
    visibility: { type: String, required: true },
    consent: { type: consent, default: null },
  },
  { _id: false, id: false },
);
const education = new Schema({ level: String, speciality: String, qualification: String }, { _id: false });
const training = new Schema({ title: String, place: String, finishedOn: String }, { _id: false });
const change = new Schema(
  {
    at: { type: Date, required: true },
    personId: { type: String, default: '' },
    name: { type: String, default: '' },
    what: { type: String, required: true },
    fields: { type: [String], default: [] },
    opened: { type: [String], default: [] },
    closed: { type: [String], default: [] },
  },
  { _id: false },
);

const schema = new Schema<Row>(
  {
    slug: { type: String, required: true },
    personIds: { type: [String], default: undefined },
    oldSlugs: { type: [String], default: undefined },
    name: {
      surname: { type: String, default: '' },
      givenName: { type: String, default: '' },
      patronymic: { type: String, default: '' },
    },
    nameCases: {
      type: new Schema(
        { genitive: String, dative: String, instrumental: String, gender: String },
        { _id: false },
      ),
      default: undefined,
    },
    position: { type: String, default: '' },
    subjects: { type: [String], default: [] },
    associationIds: { type: [String], default: [] },
    posts: { type: [String], default: [] },
    postTerms: {
      type: [new Schema({ post: String, since: String, until: String }, { _id: false })],
      default: undefined,
    },
    visibility: { type: String, required: true },
    consent: { type: consent, default: null },
    education: { type: [education], default: [] },
    degree: { type: String, default: '' },
    academicTitle: { type: String, default: '' },
    training: { type: [training], default: [] },
    retraining: { type: [training], default: [] },
    experienceSince: { type: String, default: '' },
    programmes: { type: [String], default: [] },
    /** Absent on a card that was stored when contacts were details, until it is saved. */
    contacts: { type: [contact], default: undefined },
    /** Kind → detail. Which kinds there are, card.ts says. */
    details: { type: Schema.Types.Mixed, required: true },
    sortKey: { type: String, required: true },
    search: { type: String, required: true },
    photo: {
      type: new Schema<Photo>({ fileId: { type: String, required: true } }, { _id: false }),
      default: null,
    },
    version: { type: Number, required: true },
    journal: { type: [change], default: [] },
  },
  { timestamps: true, collection: 'directory_cards', versionKey: false },
);
schema.plugin(changesDirectory);
schema.index({ slug: 1 }, { unique: true });
schema.index({ personIds: 1 }, { unique: true, sparse: true });
schema.index({ visibility: 1, sortKey: 1, _id: 1 });
schema.index({ associationIds: 1, sortKey: 1, _id: 1 });
schema.index({ posts: 1 });
schema.index({ 'postTerms.post': 1 }, { sparse: true });
schema.index({ 'contacts.value': 1 });
schema.index({ oldSlugs: 1 }, { sparse: true });
// By what was changed since.
schema.index({ updatedAt: 1 });

export type Found = Row & { _id: Types.ObjectId };

/** A card as it is stored. */
export type CardRow = Found;
export const cardsModel = (connection: Connection) => modelOf(connection, 'DirectoryCard', schema);
export type CardsModel = ReturnType<typeof cardsModel>;

/** Contacts of a card from the time when each kind stood once on it, among its details. */
const oldContacts = (details: Readonly<Partial<Record<string, Detail>>>): Contact[] =>
  CONTACT_KINDS.flatMap((kind) => {
    const detail = details[kind];
    return detail === undefined || detail.value === ''
      ? []
      : [{ ...detail, id: kind, kind, purpose: 'any' as const, hours: '' }];
  });

/** A stored card as a plain record. @param blank what a card has that is older than a kind of detail */
export const plainCard = (row: Found, blank: CardContent): Card => ({
  id: row._id.toString(),
  slug: row.slug,
  personIds: row.personIds ?? [],
  photo: row.photo ? { fileId: row.photo.fileId } : null,
  name: { surname: row.name.surname, givenName: row.name.givenName, patronymic: row.name.patronymic },
  nameCases: { ...NO_NAME_CASES, ...row.nameCases },
  position: row.position,
  subjects: row.subjects,
  associationIds: row.associationIds,
  posts: row.posts,
  postTerms: (row.postTerms ?? []).map(({ post, since, until }) => ({ post, since, until })),
  visibility: row.visibility,
  consent: row.consent,
  education: (row.education ?? []).map(({ level, speciality, qualification }) => ({
    level,
    speciality,
    qualification,
  })),
  degree: row.degree ?? NO_CREDENTIALS.degree,
  academicTitle: row.academicTitle ?? NO_CREDENTIALS.academicTitle,
  training: (row.training ?? []).map(({ title, place, finishedOn }) => ({ title, place, finishedOn })),
  retraining: (row.retraining ?? []).map(({ title, place, finishedOn }) => ({ title, place, finishedOn })),
  experienceSince: row.experienceSince ?? NO_CREDENTIALS.experienceSince,
  programmes: row.programmes ?? NO_CREDENTIALS.programmes,
  contacts: row.contacts ?? oldContacts(row.details),
  details: {
    hours: row.details.hours ?? blank.details.hours,
    about: row.details.about ?? blank.details.about,
  },
  version: row.version,
  journal: row.journal,
});
