import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Область на картинке',
  areas: 'Области',
  areasHint: 'Обучающийся увидит все области и отметит верные. Номера идут сверху вниз.',
  rightArea: 'верная',
  chooseOne: 'Нажмите на область картинки или выберите её номер.',
  chooseAll: 'Отметьте все верные области на картинке или по номерам.',
} as const;

export const en: English<typeof ru> = {
  name: 'Area of a picture',
  areas: 'Areas',
  areasHint: 'The student sees all areas and chooses the right ones. Numbers go from top to bottom.',
  rightArea: 'right',
  chooseOne: 'Click an area of the picture, or choose its number.',
  chooseAll: 'Choose all the right areas, on the picture or by number.',
};
