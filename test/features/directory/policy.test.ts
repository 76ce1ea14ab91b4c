import { expect } from 'chai';
import {
  CONTACT_KINDS,
  blankCard,
  detailsOf,
  VISIBILITIES,
  type Card,
  type Visibility,
} from '../../../src/features/directory/cards/card.js';
import {
  mayEdit,
  mayHaveCard,
  mayManage,
  readerOf,
  type Reader,
} from '../../../src/features/directory/directory.policy.js';
import { cardView, describe as lineOf, personData } from '../../../src/features/directory/directory.view.js';
import { seesCard, visibleTo } from '../../../src/features/directory/directory.policy.js';
import { ROLES, type Role } from '../../../src/shared/roles.js';

const READERS: readonly Reader[] = ['anyone', 'student', 'staff'];
const SEES: Record<Reader, readonly Visibility[]> = {
  anyone: ['public'],
  student: ['public', 'students'],
  staff: ['public', 'students', 'staff'],
};

const VALUES = {
  telephone: '+79001112233',
  email: 'secret-mail@example.org',
  whatsapp: '+79002223344',
  telegram: 'secrettelegram',
  max: 'secretmax',
  vk: 'secretvk',
  instagram: 'secretinsta',
  site: 'https://secretsite.example.org/',
  hours: 'secret hours',
  about: 'secret about',
} as const;

const TEXTS = { hours: VALUES.hours, about: VALUES.about } as const;
const CONTACTS = ['telephone', 'email', 'whatsapp', 'telegram', 'max', 'vk', 'instagram', 'site'] as const;
const OPTIONS = { kinds: CONTACT_KINDS, now: new Date('2026-09-07T08:00:00Z') };

const card = (visibility: Visibility, ofDetails: Visibility): Card => ({
  ...blankCard({ surname: 'Белова', givenName: 'Наталья', patronymic: '' }),
  id: 'id-of-card',
  slug: 'belova-natalya',
  personIds: ['id-of-person'],
  photo: null,
  postTerms: [],
  version: 7,
  visibility,
  contacts: CONTACTS.map((kind) => ({
    ...{ id: `id-of-${kind}`, kind, value: VALUES[kind], purpose: 'any', hours: '' },
    ...{ visibility: ofDetails, consent: null },
  })),
  details: detailsOf((kind) => ({ value: TEXTS[kind], visibility: ofDetails, consent: null })),
  journal: [
    {
      at: new Date(),
      personId: 'id-of-editor',
      name: 'Editor',
      what: 'edited',
      fields: [],
      opened: [],
      closed: [],
    },
  ],
});

/** Every trace of the detail's value: as a number, with spaces, in a link. */
const TRACES = { ...VALUES, telephone: '11122|111-22', whatsapp: '22233|222-33' };

describe('directory: who sees and does what', () => {
  for (const reader of READERS) {
    for (const visibility of VISIBILITIES) {
      it(`${reader} ${SEES[reader].includes(visibility) ? 'sees' : 'does not see'} what is for ${visibility}`, () => {
        const sees = SEES[reader].includes(visibility);
        expect(visibleTo(reader).includes(visibility)).to.equal(sees);
        expect(seesCard(reader, { visibility })).to.equal(sees);
        const open = cardView(card('public', visibility), [], reader, OPTIONS);
        const text = JSON.stringify([
          open,
          lineOf(open),
          personData(open, 'https://x.org/', { name: '', site: '' }),
        ]);
        for (const kind of Object.keys(VALUES) as (keyof typeof VALUES)[]) {
          expect(new RegExp(TRACES[kind]).test(text), kind).to.equal(sees);
        }
        expect(open.contacts).to.have.length(sees ? 8 : 0);
        expect(open.texts).to.have.length(sees ? 2 : 0);
      });
    }
  }

  it('a contact whose kind the centre has not is shown to nobody', () => {
    const kinds = CONTACT_KINDS.filter((kind) => kind !== 'whatsapp');
    for (const reader of READERS) {
      const view = cardView(card('public', 'public'), [], reader, { ...OPTIONS, kinds });
      expect(view.contacts.map(({ kind }) => kind)).to.not.include('whatsapp');
    }
  });

  it('a hidden card hides what is public on it', () => {
    const view = cardView(card('staff', 'public'), [], 'anyone', OPTIONS);
    expect(view.contacts).to.be.empty;
    expect(view.texts).to.be.empty;
  });

  it('pages never carry ids, the history or consents; only staff see the visibility of others', () => {
    for (const reader of READERS) {
      const text = JSON.stringify(cardView(card('public', 'public'), [], reader, OPTIONS));
      expect(text).to.not.match(/id-of-|Editor|consent|version|journal/);
      expect(text.includes('visibility')).to.equal(reader === 'staff');
    }
  });

  it('rights of every role', () => {
    const own = { id: 'own', personIds: ['me'], associationIds: [] };
    const leads = { all: false, associationIds: ['led'], posts: [] };
    const others = { id: 'other', personIds: ['other'], associationIds: ['led'] };
    const table: Record<Role, readonly [Reader, boolean, boolean, boolean, boolean]> = {
      // reads as, has a card, edits own, edits others', manages
      administrator: ['staff', true, true, false, false],
      methodist: ['staff', true, true, false, false],
      teacher: ['staff', true, true, false, false],
      assistant: ['staff', false, false, false, false],
      student: ['student', false, false, false, false],
    };
    for (const role of ROLES) {
      const actor = {
        ...{ personId: 'me', registrationId: 'r', courseId: 'c', courseKey: 'k', courseTitle: '', role },
        name: { surname: '', givenName: '', patronymic: '' },
      };
      expect(
        [readerOf(actor), mayHaveCard(actor), mayEdit(actor, own), mayEdit(actor, others), mayManage(actor)],
        role,
      ).to.deep.equal(table[role]);
      const ofCentre = { ...actor, centreRole: 'methodist' as const };
      expect([mayEdit(ofCentre, others), mayManage(ofCentre)], role).to.deep.equal([true, true]);
    }
    const head = {
      personId: 'me',
      role: 'teacher' as const,
      name: { surname: '', givenName: '', patronymic: '' },
    };
    expect(mayEdit(head, others, leads), 'the head of the association').to.equal(true);
    expect(mayEdit({ ...head, role: 'assistant' }, others, leads), 'whatever role the LMS sends').to.equal(
      true,
    );
    expect(mayEdit(head, others, { ...leads, associationIds: ['another'] })).to.equal(false);
    expect(mayEdit(head, others, { ...leads, all: true, associationIds: [] })).to.equal(true);
    expect(readerOf(undefined)).to.equal('anyone');
  });
});
