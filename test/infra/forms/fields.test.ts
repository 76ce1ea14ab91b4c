import { expect } from 'chai';
import { z } from 'zod';
import {
  choiceField,
  defineFields,
  lineField,
  optionalWholeField,
  wholeField,
} from '../../../src/infra/forms/index.js';
import { translator } from '../../../src/i18n/index.js';
import { DomainError } from '../../../src/shared/errors.js';
import { parse } from '../../../src/web/parse.js';

const fields = defineFields({
  title: lineField({ label: 'consultations.field.title', most: 10, group: 'what', wide: true }),
  hours: wholeField({ label: 'consultations.field.closesHours', least: 0, most: 336, usual: 2 }),
  limit: optionalWholeField({ label: 'common.next', hint: 'common.pageOf', least: 0, most: 99 }),
  names: choiceField({
    label: 'consultations.field.names',
    choices: ['hidden', 'shown'],
    usual: 'hidden',
    choiceText: (value) => `consultations.names.${value}`,
  }),
});
const t = translator('ru');

describe('fields of a form', () => {
  it('read what the form sends as values of their kinds', () => {
    const sent = { title: ' Физика ', hours: '3', limit: '', names: 'shown' };
    expect(parse(z.object(fields.shape), sent)).to.deep.equal({
      title: 'Физика',
      hours: 3,
      limit: null,
      names: 'shown',
    });
  });

  it('refuse what is outside their limits, by name', () => {
    const refused = (): unknown =>
      parse(z.object(fields.shape), { title: 'я'.repeat(11), hours: '337', limit: '-1', names: 'all' });
    expect(refused)
      .to.throw(DomainError)
      .with.nested.property('details.fields')
      .that.has.all.keys('title', 'hours', 'limit', 'names');
  });

  it('give a record that lacks a field its usual value, and leave out what is no field', () => {
    const stored = { title: 'Физика', names: 'shown', state: 'active' } as const;
    expect(fields.pick(stored)).to.deep.equal({ title: 'Физика', hours: 2, limit: null, names: 'shown' });
  });

  it('show a record as texts, and a new one as usual', () => {
    expect(fields.texts({ title: 'Физика', hours: 0, limit: 7, names: 'shown' })).to.deep.equal({
      title: 'Физика',
      hours: '0',
      limit: '7',
      names: 'shown',
    });
    expect(fields.blank).to.deep.equal({ title: '', hours: '2', limit: '', names: 'hidden' });
  });

  it('describe the controls of a group', () => {
    expect(fields.controls({ t, values: { title: 'Физика' }, group: 'what' })).to.deep.equal([
      {
        name: 'title',
        label: t('consultations.field.title'),
        type: 'text',
        value: 'Физика',
        required: true,
        attrs: { maxlength: 10 },
        wide: true,
        hint: '',
        options: [],
      },
    ]);
  });

  it('word an empty choice as well, and do not make the browser ask for another', () => {
    const made = defineFields({
      language: choiceField({
        label: 'common.next',
        choices: ['', 'ru'],
        usual: '',
        choiceText: (value) => `consultations.names.${value === '' ? 'hidden' : 'shown'}`,
      }),
    });
    const [control] = made.controls({ t, values: { language: '' } });
    expect(control?.required).to.equal(false);
    expect(control?.options).to.deep.equal([
      ['', t('consultations.names.hidden')],
      ['ru', t('consultations.names.shown')],
    ]);
  });

  it('word choices and hints for the reader', () => {
    const controls = fields.controls({ t, values: {}, params: { page: 1, pages: 2 } });
    const byName = new Map(controls.map((control) => [control.name, control]));
    expect(byName.get('limit')?.hint).to.equal('Страница 1 из 2');
    expect(byName.get('names')?.options).to.deep.equal([
      ['hidden', t('consultations.names.hidden')],
      ['shown', t('consultations.names.shown')],
    ]);
    expect(byName.get('hours')?.attrs).to.deep.equal({ min: 0, max: 336 });
  });
});
