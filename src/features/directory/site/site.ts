import { CONTACT_KINDS, META_KINDS, type ContactKind, type Purpose } from '../cards/card.js';

/** A way to reach the centre as a whole. Always public. */
export interface CentreContact {
  readonly kind: ContactKind;
  /** Normalised (contacts.ts). */
  readonly value: string;
  readonly purpose: Purpose;
  readonly hours: string;
}

/** What the centre says on its open pages, and which kinds of contacts it has. */
export interface SiteSettings {
  readonly about: string;
  readonly postalAddress: string;
  /** How to get help by each channel. */
  readonly help: string;
  readonly contacts: readonly CentreContact[];
  /** Kinds of contacts that cards may have and pages show. */
  readonly kinds: readonly ContactKind[];
  /** Address of the regulation of divisions, for `/sveden/struct`; or ''. */
  readonly divisionDocument: string;
  /** Id of the file with the centre's logo, or ''. */
  readonly logo: string;
}

export const USUAL_SITE: SiteSettings = {
  about: '',
  postalAddress: '',
  help: '',
  contacts: [],
  kinds: CONTACT_KINDS.filter((kind) => !META_KINDS.includes(kind)),
  divisionDocument: '',
  logo: '',
};
