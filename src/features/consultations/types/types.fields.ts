import {
  choiceField,
  defineFields,
  lineField,
  optionalLineField,
  wholeField,
} from '../../../infra/forms/index.js';
import { ruleFields } from '../series/series.fields.js';
import { FORMS, PURPOSES } from '../series/series-settings.js';

const TITLE_LENGTH = 80;

const title = { label: 'consultations.types.field.title', most: TITLE_LENGTH, group: 'what', wide: true };

const others = {
  purpose: choiceField({
    label: 'consultations.types.field.purpose',
    choices: PURPOSES,
    usual: 'ordinary',
    choiceText: (purpose) => `consultations.purpose.${purpose}`,
    group: 'what',
  }),
  form: choiceField({
    label: 'consultations.types.field.form',
    choices: FORMS,
    usual: 'individual',
    choiceText: (form) => `consultations.form.${form}`,
    group: 'what',
  }),
  /** Minutes of a slot that a new series proposes. */
  length: wholeField({
    label: 'consultations.field.length',
    least: 5,
    most: 480,
    usual: 30,
    group: 'rules',
  }),
  ...ruleFields,
};

/** A type as the administrator edits it: what it is, and the rules with which its series begin. */
export const typeFields = defineFields({ title: lineField(title), ...others });

/** A built-in type without a title of its own has its name in both languages from the program's texts. */
export const builtInFields = defineFields({
  title: optionalLineField({ ...title, hint: 'consultations.types.field.titleHint' }),
  ...others,
});

export type TypeRules = typeof typeFields.usual;
