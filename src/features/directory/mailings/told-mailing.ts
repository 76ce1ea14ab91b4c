import { translator, type Locale, type Translate } from '../../../i18n/index.js';
import type { PersonName } from '../../../shared/names.js';
import type { MembershipFeature } from '../../membership/index.js';
import type { Card, ContactKind } from '../cards/card.js';
import type { CardsStore } from '../cards/cards.store.js';
import { cardView } from '../directory.view.js';
import type { Material } from '../materials/material.js';
import type { MaterialsService } from '../materials/materials.service.js';
import type { MailingsStore } from './mailings.store.js';
import { studentsOf } from './students.js';

/** A mailing as those to whom it goes are told of it: what is true now, so that a contact hidden since is not in it. */
export interface ToldMailing {
  readonly courseId: string;
  /** '' for the whole course. */
  readonly groupId: string;
  /** Whether there are contacts or materials in it. */
  readonly letter: boolean;
  /** Person id of who has sent it. */
  readonly teacherId: string;
  readonly teacher: PersonName;
  readonly note: string;
  /** In the recipient's language; ''. */
  readonly contacts: (locale: Locale) => string;
  readonly materials: (locale: Locale) => string;
  /** Of the teacher's page, below the course. */
  readonly path: string;
}

/** What messages say of mailings. */
export interface ToldMailings {
  /** Returns null if the mailing, the card or the course is gone. */
  find(mailingId: string): Promise<ToldMailing | null>;
  /** Person ids of the students to whom it goes. */
  listRecipients(mailing: Pick<ToldMailing, 'courseId' | 'groupId'>): Promise<string[]>;
  /** Whether the person is still a student of the course: a student who has left is sent nothing more. */
  isRecipient(mailing: Pick<ToldMailing, 'courseId'>, personId: string): Promise<boolean>;
}

export interface ToldMailingsDeps {
  readonly mailings: Pick<MailingsStore, 'findOptional'>;
  readonly cardsStore: Pick<CardsStore, 'findOptional'>;
  readonly materials: Pick<MaterialsService, 'listOfCard'>;
  readonly membership: Pick<MembershipFeature, 'courses'>;
  /** Kinds of contacts that the centre has. */
  readonly kinds: () => Promise<readonly ContactKind[]>;
  readonly publicUrl: string;
}

/** "Телефон: +7 900 123-45-67 (индивидуальные консультации, пн 9–12)" */
function contactLines(t: Translate, card: Card, kinds: readonly ContactKind[]): string[] {
  // Where the card itself is hidden from students, so are its contacts.
  const { contacts } = cardView(card, [], 'student', { kinds, now: new Date(0) });
  return contacts.map(({ kind, label, extension, purpose, hours }) => {
    const value = extension === undefined ? label : t('directory.extension', { number: label, extension });
    const more = [purpose === 'any' ? '' : t(`directory.purpose.${purpose}`), hours].filter(
      (part) => part !== '',
    );
    return `${t(`directory.contact.${kind}`)}: ${value}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
  });
}

/** A material with the page where it is, the address it leads to, and its sources. */
function materialLines(material: Material, page: string): string {
  const sources = material.sources
    .filter(({ url }) => url !== '')
    .map(({ citation, url }) => `${citation} — ${url}`);
  return [`${material.title} — ${page}`, ...(material.url === '' ? [] : [material.url]), ...sources].join(
    '\n',
  );
}

/** Blocks of a text; '' where nothing but the heading is there. */
const block = (heading: string, parts: readonly string[], between: string): string =>
  parts.length === 0 ? '' : [heading, ...parts].join(between);

export function createToldMailings(deps: ToldMailingsDeps): ToldMailings {
  const { mailings, cardsStore, membership, publicUrl } = deps;

  return {
    async find(mailingId) {
      const mailing = await mailings.findOptional(mailingId);
      if (mailing === null) return null;
      const [card, course] = await Promise.all([
        cardsStore.findOptional(mailing.cardId),
        membership.courses.findOptional(mailing.courseId),
      ]);
      if (card === null || course === null) return null;
      const kinds = mailing.contacts ? await deps.kinds() : [];
      const chosen =
        mailing.materials.length === 0
          ? []
          : (await deps.materials.listOfCard('student', card.id)).filter(({ key }) =>
              mailing.materials.includes(key),
            );
      const isPublic = card.visibility === 'public';
      const pageOf = ({ key, audience }: Material): string =>
        audience === 'public' && isPublic
          ? `${publicUrl}/materials/${key}`
          : `${publicUrl}/c/${course.key}/directory/materials/${key}`;
      return {
        courseId: mailing.courseId,
        groupId: mailing.groupId,
        letter: mailing.contacts || mailing.materials.length > 0,
        teacherId: mailing.by,
        teacher: card.name,
        note: mailing.note,
        contacts(locale) {
          const t = translator(locale);
          return block(
            t('directory.mailing.contacts'),
            mailing.contacts ? contactLines(t, card, kinds) : [],
            '\n',
          );
        },
        materials(locale) {
          const lines = chosen.map((material) => materialLines(material, pageOf(material)));
          return block(translator(locale)('directory.mailing.materials'), lines, '\n\n');
        },
        path: `directory/teachers/${card.slug}`,
      };
    },

    listRecipients: (mailing) => studentsOf(membership.courses, mailing),

    async isRecipient(mailing, personId) {
      return (await membership.courses.membershipsOf([personId])).some(
        ({ courseId, role, leftAt }) =>
          courseId === mailing.courseId && role === 'student' && leftAt === null,
      );
    },
  };
}
