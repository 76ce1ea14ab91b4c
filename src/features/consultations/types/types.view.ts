import type { Translate } from '../../../i18n/index.js';
import { viewModel } from '../../../web/views.js';
import { ASYNCHRONOUS } from '../series/series-settings.js';
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
    facts:
      type.id === ASYNCHRONOUS
        ? t('consultations.deferred.about')
        : [
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
  const what = fields.controls({ t, values, group: 'what' });
  const rules = fields.controls({ t, values, group: 'rules' });
  const more = fields.controls({ t, values, group: 'more' });
  // Without times there are no rules of booking: they are carried along.
  const deferred = id === ASYNCHRONOUS;
  return {
    deferred,
    hiddenFields: deferred ? [...what.slice(1), ...rules, ...more] : [],
    action: id === '' ? '/admin/consultation-types/new' : `/admin/consultation-types/${id}`,
    what: deferred ? what.slice(0, 1) : what,
    rules,
    more,
  };
});
