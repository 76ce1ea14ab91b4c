import { expect } from 'chai';
import {
  blankCard,
  CONSENT_TEXT,
  detailsOf,
  type CardContent,
  type Consent,
  type ContactKind,
  type DetailKind,
  type Visibility,
} from '../../../src/features/directory/cards/card.js';
import { revise, withdraw, type CardInput } from '../../../src/features/directory/cards/revise.js';
import { DomainError } from '../../../src/shared/errors.js';

const NAME = { surname: 'Белова', givenName: 'Наталья', patronymic: 'Сергеевна' };
const EDITOR = { personId: 'p1', name: 'Белова Н. С.' };
const OTHER = { personId: 'p2', name: 'Воронцова Г. С.' };
const MONDAY = new Date('2026-09-07T08:00:00Z');
const TUESDAY = new Date('2026-09-08T08:00:00Z');

type Said = Partial<Record<ContactKind | DetailKind, readonly [string, Visibility]>>;
const KINDS = ['telephone', 'email', 'vk'] as const;

/** A contact keeps its id through an edit: here the name of its kind. */
const input = (
  said: Said,
  more: Partial<CardInput> = {},
  before: CardContent = blankCard(NAME),
): CardInput => ({
  ...blankCard(NAME),
  consent: false,
  ...more,
  contacts: KINDS.flatMap((kind) => {
    const [value = '', visibility = 'staff'] = said[kind] ?? [];
    const id = before.contacts.find((contact) => contact.kind === kind)?.id;
    return value === '' ? [] : [{ id, kind, value, visibility, purpose: 'any' as const, hours: '' }];
  }),
  details: detailsOf((kind) => ({ value: said[kind]?.[0] ?? '', visibility: said[kind]?.[1] ?? 'staff' })),
});

const consentFor = (content: CardContent, kind: ContactKind): Consent | null =>
  content.contacts.find((contact) => contact.kind === kind)?.consent ?? null;

const opened = (said: Said, more: Partial<CardInput> = {}): CardContent =>
  revise(blankCard(NAME), input(said, { ...more, consent: true }), EDITOR, MONDAY, 'edited').content;

const fieldsOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    if (error instanceof DomainError) return error.details.fields;
    throw error;
  }
  return null;
};

describe('directory: consent to be public', () => {
  it('is needed before anything is shown to everybody, the card as well as a field', () => {
    const before = blankCard(NAME);
    for (const sent of [input({ email: ['a@b.ru', 'public'] }), input({}, { visibility: 'public' })]) {
      expect(fieldsOf(() => revise(before, sent, EDITOR, MONDAY, 'edited'))).to.deep.equal({
        consent: 'errors.field.consent',
      });
    }
  });

  it('is not needed for students and colleagues, nor for an empty field', () => {
    const sent = input({
      email: ['a@b.ru', 'students'],
      telephone: ['+79001234567', 'staff'],
      vk: ['', 'public'],
    });
    const { content } = revise(blankCard(NAME), sent, EDITOR, MONDAY, 'edited');
    expect(content.consent).to.equal(null);
    expect(content.contacts.map(({ consent }) => consent)).to.deep.equal([null, null]);
  });

  it('is kept per field with its date and who gave it', () => {
    const content = opened({ email: ['a@b.ru', 'public'], vk: ['id1', 'staff'] }, { visibility: 'public' });
    const given = { ...EDITOR, at: MONDAY, text: CONSENT_TEXT };
    expect(consentFor(content, 'email')).to.deep.equal(given);
    expect(content.consent).to.deep.equal(given);
    expect(consentFor(content, 'vk')).to.equal(null);
  });

  it('lasts while the field stays public, through any correction', () => {
    const before = opened({ email: ['a@b.ru', 'public'] });
    const sent = input({ email: ['c@d.ru', 'public'] }, {}, before);
    const { content } = revise(before, sent, OTHER, TUESDAY, 'edited');
    expect(content.contacts[0]).to.deep.include({
      value: 'c@d.ru',
      visibility: 'public',
      consent: { ...EDITOR, at: MONDAY, text: CONSENT_TEXT },
    });
  });

  it('ends when the field is hidden or emptied, and must be given again', () => {
    for (const gone of [{ email: ['a@b.ru', 'students'] }, { email: ['', 'public'] }] as const) {
      const before = opened({ email: ['a@b.ru', 'public'] });
      const { content, change } = revise(before, input(gone, {}, before), EDITOR, TUESDAY, 'edited');
      expect(consentFor(content, 'email')).to.equal(null);
      expect(change.closed).to.deep.equal(['email']);
      const again = input({ email: ['a@b.ru', 'public'] }, {}, content);
      expect(fieldsOf(() => revise(content, again, EDITOR, TUESDAY, 'edited'))).to.have.property('consent');
    }
  });

  it('the journal tells of a change of audience among students and colleagues too', () => {
    const before = opened({ email: ['a@b.ru', 'students'] });
    const sent = input(
      { email: ['a@b.ru', 'staff'], vk: ['', 'students'] },
      { visibility: 'students' },
      before,
    );
    const { change } = revise(before, sent, OTHER, TUESDAY, 'edited');
    expect(change).to.deep.include({ fields: ['card', 'email'], opened: [], closed: [] });
  });

  it('the journal says what changed, was opened and hidden, but never what it held', () => {
    const before = opened({ email: ['a@b.ru', 'public'], hours: ['вт 15:00', 'students'] });
    const sent = input(
      { email: ['a@b.ru', 'staff'], telephone: ['+79001234567', 'public'], hours: ['вт 16:00', 'students'] },
      { position: 'Преподаватель', subjects: ['Физика'], consent: true },
      before,
    );
    const { change } = revise(before, sent, OTHER, TUESDAY, 'edited');
    expect(change).to.deep.equal({
      ...OTHER,
      at: TUESDAY,
      what: 'edited',
      fields: ['position', 'subjects', 'email', 'telephone', 'hours'],
      opened: ['telephone'],
      closed: ['email'],
    });
    expect(JSON.stringify(change)).to.not.match(/7900|a@b/);
  });

  it('is withdrawn for one contact at once, and the journal says so', () => {
    const before = opened({ email: ['a@b.ru', 'public'], vk: ['id1', 'public'] });
    const [email] = before.contacts;
    const done = withdraw(before, email!.id, OTHER, TUESDAY)!;
    expect(done.content.contacts.map(({ kind, visibility }) => [kind, visibility])).to.deep.equal([
      ['email', 'staff'],
      ['vk', 'public'],
    ]);
    expect(consentFor(done.content, 'email')).to.equal(null);
    expect(done.change).to.deep.include({ what: 'withdrawn', closed: ['email'], name: OTHER.name });
    expect(withdraw(done.content, email!.id, OTHER, TUESDAY)).to.equal(null);
  });
});
