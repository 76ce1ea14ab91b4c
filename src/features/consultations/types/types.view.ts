import type { Translate } from '../../../i18n/index.js';
import { viewModel } from '../../../web/views.js';
import { builtInFields, typeFields } from './types.fields.js';
import type { ConsultationKind } from './types.service.js';

export const typeLineView = ({ id, builtIn, rules, archived, version }: ConsultationKind) => ({
  ...{ id, builtIn, archived, version },
  title: rules.title,
  purpose: rules.purpose,
  form: rules.form,
  mode: rules.mode,
  capacity: rules.capacity,
  length: rules.length,
});

/** The name of a type as pages print it: its own title, or the program's text. */
export const typeName = (t: Translate, type: { readonly id: string; readonly title: string }): string =>
  type.title || t(`consultations.type.${type.id}`);

interface TypesGiven {
  readonly t: Translate;
  readonly types: readonly ReturnType<typeof typeLineView>[];
}

viewModel<TypesGiven>('consultations/admin/types', ({ t, types }) => ({
  lines: types.map((type) => ({
    ...type,
    name: typeName(t, type),
    facts: [
      t(`consultations.purpose.${type.purpose}`),
      t(`consultations.form.${type.form}`),
      t(`consultations.mode.${type.mode}`),
      t('consultations.types.minutes', { count: type.length }),
      t('consultations.seatsLeft', { count: type.capacity }),
    ].join(' · '),
  })),
}));

interface TypeGiven {
  readonly t: Translate;
  readonly id: string;
  readonly builtIn: boolean;
  readonly values: Readonly<Record<string, string>>;
}

viewModel<TypeGiven>('consultations/admin/type', ({ t, id, builtIn, values }) => {
  const fields = builtIn ? builtInFields : typeFields;
  return {
    action: id === '' ? '/admin/consultation-types/new' : `/admin/consultation-types/${id}`,
    what: fields.controls({ t, values, group: 'what' }),
    rules: fields.controls({ t, values, group: 'rules' }),
    more: fields.controls({ t, values, group: 'more' }),
  };
});
