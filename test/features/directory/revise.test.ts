import { expect } from 'chai';
import {
  blankCard,
  detailsOf,
  type CardContent,
  type DetailKind,
  type Visibility,
} from '../../../src/features/directory/cards/card.js';
import { revise, type CardInput } from '../../../src/features/directory/cards/revise.js';
import { DomainError } from '../../../src/shared/errors.js';

const NAME = { surname: 'Белова', givenName: 'Наталья', patronymic: 'Сергеевна' };
const EDITOR = { personId: 'p1', name: 'Белова Н. С.' };
const OTHER = { personId: 'p2', name: 'Воронцова Г. С.' };
const MONDAY = new Date('2026-09-07T08:00:00Z');
const TUESDAY = new Date('2026-09-08T08:00:00Z');

type Details = Partial<Record<DetailKind, readonly [string, Visibility]>>;
const input = (details: Details, more: Partial<CardInput> = {}): CardInput => ({
  ...blankCard(NAME),
  consent: false,
  ...more,
  details: detailsOf((kind) => ({
    value: details[kind]?.[0] ?? '',
    visibility: details[kind]?.[1] ?? 'staff',
  })),
});

const opened = (details: Details, more: Partial<CardInput> = {}): CardContent =>
  revise(blankCard(NAME), input(details, { ...more, consent: true }), EDITOR, MONDAY, 'edited').content;

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
    for (const kind of ['email', 'telephone', 'vk'] as const)
      expect(content.details[kind].consent).to.equal(null);
  });

  it('is kept per field with its date and who gave it', () => {
    const content = opened({ email: ['a@b.ru', 'public'], vk: ['id1', 'staff'] }, { visibility: 'public' });
    expect(content.details.email.consent).to.deep.equal({ ...EDITOR, at: MONDAY });
    expect(content.consent).to.deep.equal({ ...EDITOR, at: MONDAY });
    expect(content.details.vk.consent).to.equal(null);
  });

  it('lasts while the field stays public, through any correction', () => {
    const before = opened({ email: ['a@b.ru', 'public'] });
    const { content } = revise(before, input({ email: ['c@d.ru', 'public'] }), OTHER, TUESDAY, 'edited');
    expect(content.details.email).to.deep.equal({
      value: 'c@d.ru',
      visibility: 'public',
      consent: { ...EDITOR, at: MONDAY },
    });
  });

  it('ends when the field is hidden or emptied, and must be given again', () => {
    for (const gone of [{ email: ['a@b.ru', 'students'] }, { email: ['', 'public'] }] as const) {
      const before = opened({ email: ['a@b.ru', 'public'] });
      const { content, change } = revise(before, input(gone), EDITOR, TUESDAY, 'edited');
      expect(content.details.email.consent).to.equal(null);
      expect(change.closed).to.deep.equal(['email']);
      const again = input({ email: ['a@b.ru', 'public'] });
      expect(fieldsOf(() => revise(content, again, EDITOR, TUESDAY, 'edited'))).to.have.property('consent');
    }
  });

  it('the journal tells of a change of audience among students and colleagues too', () => {
    const before = opened({ email: ['a@b.ru', 'students'] });
    const sent = input({ email: ['a@b.ru', 'staff'], vk: ['', 'students'] }, { visibility: 'students' });
    const { change } = revise(before, sent, OTHER, TUESDAY, 'edited');
    expect(change).to.deep.include({ fields: ['card', 'email'], opened: [], closed: [] });
  });

  it('the journal says what changed, was opened and hidden, but never what it held', () => {
    const before = opened({ email: ['a@b.ru', 'public'], hours: ['вт 15:00', 'students'] });
    const sent = input(
      { email: ['a@b.ru', 'staff'], telephone: ['+79001234567', 'public'], hours: ['вт 16:00', 'students'] },
      { position: 'Преподаватель', subjects: ['Физика'], consent: true },
    );
    const { change } = revise(before, sent, OTHER, TUESDAY, 'edited');
    expect(change).to.deep.equal({
      ...OTHER,
      at: TUESDAY,
      what: 'edited',
      fields: ['position', 'subjects', 'telephone', 'email', 'hours'],
      opened: ['telephone'],
      closed: ['email'],
    });
    expect(JSON.stringify(change)).to.not.match(/7900|a@b/);
  });
});
