import type { GIFTQuestion, TextFormat } from 'gift-pegjs';
import type { Translate } from '../../../i18n/index.js';
import type { ForeignBody, ForeignQuestion, Note } from '../exchange/foreign.js';
import type { BodyContext } from '../exchange/formats/moodle-files.js';
import type { QtiAsked } from '../exchange/formats/qti-names.js';
import type { Asked12 } from '../exchange/formats/qti12-parts.js';
import type { MoodleWriting } from '../exchange/writers/moodle-parts.js';
import type { Asked } from '../exchange/writers/qti3-parts.js';
import type { MediaById } from '../exchange/writers/media-out.js';
import type { XmlElement } from '../exchange/xml.js';

/**
 * What files of questions are to a type. A file is read into a `ForeignQuestion` whose body is of some kind, and that
 * is mapped to a definition; the way out is the same backwards. Each format asks the types one after another: the
 * first that returns no null has the question. A format that a type says nothing of does not hold it.
 */
export interface TypeExchange<D, B extends ForeignBody> {
  /** Kind of the bodies that it makes and writes. */
  readonly kind: B['kind'];
  /** The fields of the form that a question of a file fills. Returns null if it is none of this type. */
  take(question: ForeignQuestion): Taken | null;
  /** The way back: what a file is to hold. */
  body(definition: D): B;
  /** The text, where it is a part of the definition; gaps stand in double braces: `{{1}}`. */
  stem?(definition: D): string;
  /** What is right, in words, for those who look through an import. */
  key(definition: D, t: Translate): string[];
  readonly moodle?: MoodleMapping<B>;
  readonly gift?: GiftMapping<B>;
  readonly qti?: QtiMapping<B>;
  readonly qti12?: Qti12Mapping<B>;
  readonly table?: TableMapping<B>;
  readonly typed?: TypedMapping<B>;
}

export interface Taken {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly notes?: readonly Note[];
  /** The picture that is asked about, where another stands for it in the fields. */
  readonly image?: string;
}

/** https://docs.moodle.org/en/Moodle_XML_format */
export interface MoodleMapping<B extends ForeignBody> {
  /** Values of the attribute `type` that it reads. */
  readonly names?: readonly string[];
  /** @returns the body, and the text where that changes */
  read?(element: XmlElement, context: BodyContext): { readonly body: B; readonly text?: string } | null;
  /** The attribute `type` that is written. */
  readonly name: string;
  /** Elements beside the text. */
  write(body: B, writing: MoodleWriting): string;
  /** The text as Moodle has it. Absent: as it is. */
  text?(body: B, text: string): string;
}

/** https://docs.moodle.org/en/GIFT_format */
export interface GiftMapping<B extends ForeignBody> {
  read?(question: GiftQuestion, read: GiftRead): B | null;
  /** What stands between the braces. */
  write(body: B): string;
}

export type GiftQuestion = Exclude<GIFTQuestion, { type: 'Category' }>;
export type GiftRead = (text: TextFormat | null | undefined) => string;

/** QTI 2.1, 2.2 and 3.0. https://www.imsglobal.org/spec/qti/v3p0/impl */
export interface QtiMapping<B extends ForeignBody> {
  read?(asked: QtiAsked): B | null;
  /** Whether answers stand below the text, and are plain or nothing: the text may be HTML then. */
  readonly isAskedBelow?: boolean;
  /** @param text as markup */
  write(body: B, text: string, media: MediaById): Asked;
}

/** https://www.imsglobal.org/question/qtiv1p2/imsqti_asi_infov1p2.html */
export interface Qti12Mapping<B extends ForeignBody> {
  read(asked: Asked12): B | null;
}

/** A row of a table of questions. */
export interface TableMapping<B extends ForeignBody> {
  /** What the column of types says, in small letters. */
  readonly names: readonly string[];
  /** Whether a row that names no type is of this one. */
  fits?(row: TableRow): boolean;
  read(row: TableRow): B;
}

export interface TableRow {
  /** The answers, each right or wrong. */
  readonly answers: readonly TypedAnswer[];
  /** What the column of right answers says, and the texts of the answers. */
  readonly keys: readonly string[];
  readonly tolerance: string;
}

/** Questions as people type them. */
export interface TypedMapping<B extends ForeignBody> {
  read(typed: Typed): B | null;
}

export interface Typed {
  readonly answers: readonly TypedAnswer[];
  /** What a line of right answers names; null: there is no such line. */
  readonly named: readonly string[] | null;
}

export interface TypedAnswer {
  readonly text: string;
  readonly right: boolean;
}
