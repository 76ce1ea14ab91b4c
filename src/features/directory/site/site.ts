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
  readonly address: string;
  /** How to get help by each channel. */
  readonly help: string;
  /** Common questions with their answers. */
  readonly faq: readonly FaqEntry[];
  readonly contacts: readonly CentreContact[];
  /** Kinds of contacts that cards may have and pages show. */
  readonly kinds: readonly ContactKind[];
  /** Address of the regulation of divisions, for `/sveden/struct`; or ''. */
  readonly divisionDocument: string;
}

export interface FaqEntry {
  readonly question: string;
  readonly answer: string;
}

export const USUAL_SITE: SiteSettings = {
  about: '',
  address: '',
  help: '',
  faq: [],
  contacts: [],
  kinds: CONTACT_KINDS.filter((kind) => !META_KINDS.includes(kind)),
  divisionDocument: '',
};

/** "Question\nAnswer\n\nQuestion\nAnswer" as the form carries it. */
export const faqText = (faq: readonly FaqEntry[]): string =>
  faq.map(({ question, answer }) => `${question}\n${answer}`).join('\n\n');

/** The first line of each block is the question. */
export const faqOf = (text: string): FaqEntry[] =>
  text
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map((block) => {
      const [question = '', ...answer] = block.split('\n');
      return { question: question.trim(), answer: answer.join('\n').trim() };
    });
