import { translator, type Locale, type Translate } from '../../../i18n/index.js';
import { isMailAddress, type MailTopic } from '../../../infra/mail/index.js';
import { fullName } from '../../../shared/names.js';
import type { MembershipFeature } from '../../membership/index.js';
import type { Card, ContactKind } from '../cards/card.js';
import type { CardsStore } from '../cards/cards.store.js';
import { nameInCase } from '../cards/name-in-case.js';
import { cardView } from '../directory.view.js';
import type { Material } from '../materials/material.js';
import type { MaterialsService } from '../materials/materials.service.js';
import type { Mailing, MailingsStore } from './mailings.store.js';

export interface MailingTopicDeps {
  readonly mailings: Pick<MailingsStore, 'findOptional'>;
  readonly cardsStore: Pick<CardsStore, 'findOptional'>;
  readonly materials: Pick<MaterialsService, 'listOfCard'>;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses'>;
  /** Kinds of contacts that the centre has. */
  readonly kinds: () => Promise<readonly ContactKind[]>;
  readonly locale: () => Promise<Locale>;
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

/** The letter: `<mailing>.<person>`. It says what is true when it is written: a contact hidden since is not in it. */
export function mailingTopic(deps: MailingTopicDeps): MailTopic {
  const { mailings, cardsStore, membership, publicUrl } = deps;

  async function paragraphsOf(
    t: Translate,
    mailing: Mailing,
    card: Card,
    courseKey: string,
  ): Promise<string[]> {
    const contacts = mailing.contacts ? contactLines(t, card, await deps.kinds()) : [];
    const materials = (await deps.materials.listOfCard('student', card.id)).filter(({ key }) =>
      mailing.materials.includes(key),
    );
    const pageOf = ({ key, audience }: Material): string =>
      audience === 'public' && card.visibility === 'public'
        ? `${publicUrl}/materials/${key}`
        : `${publicUrl}/c/${courseKey}/directory/materials/${key}`;
    return [
      mailing.note,
      contacts.length === 0 ? '' : [t('directory.mailing.contacts'), ...contacts].join('\n'),
      ...(materials.length === 0 ? [] : [t('directory.mailing.materials')]),
      ...materials.map((material) => materialLines(material, pageOf(material))),
    ];
  }

  return {
    name: 'teacher-materials',
    async draft(id) {
      const [mailingId = '', personId = ''] = id.split('.');
      const mailing = await mailings.findOptional(mailingId);
      const [card, person, course] = await Promise.all([
        mailing && cardsStore.findOptional(mailing.cardId),
        membership.people.findPresent(personId),
        mailing && membership.courses.findOptional(mailing.courseId),
      ]);
      if (!mailing || !card || !person || !course || !isMailAddress(person.email)) return null;
      const locale = await deps.locale();
      const t = translator(locale);
      const sender = nameInCase(card.name, card.nameCases, 'genitive', locale) ?? fullName(card.name);
      const { name } = person;
      return {
        at: mailing.at,
        recipient: {
          personId,
          name: fullName(name),
          salutation: [name.givenName, name.patronymic].filter((part) => part !== '').join(' '),
          address: person.email,
          locale,
        },
        content: {
          subject: t('directory.mailing.subject', { name: sender, course: course.title }),
          paragraphs: await paragraphsOf(t, mailing, card, course.key),
          action: {
            label: t('directory.mailing.open'),
            url:
              card.visibility === 'public'
                ? `${publicUrl}/teachers/${card.slug}`
                : `${publicUrl}/c/${course.key}/directory/teachers/${card.slug}`,
          },
        },
      };
    },
  };
}
