import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Порядок',
  items: 'Элементы в верном порядке',
  itemsHint: 'Обучающийся увидит их перемешанными.',
  itemNumber: 'Элемент {{number}}',
  credit: 'За что даются баллы',
  credits: {
    places: 'За каждый на своём месте',
    all: 'Только за полностью верный порядок',
  },
  otherCredit: 'Баллы за порядок соседей не перенесены: они даются за места',
  order: 'Поставьте каждому номер его места.',
  rightOrder: 'Верный порядок:',
} as const;

export const en: English<typeof ru> = {
  name: 'Ordering',
  items: 'Items in the right order',
  itemsHint: 'The student sees them shuffled.',
  itemNumber: 'Item {{number}}',
  credit: 'What earns points',
  credits: {
    places: 'For each at its place',
    all: 'Only for an order without a fault',
  },
  otherCredit: 'Points for the order of neighbours were not carried over: places earn them',
  order: 'Give each its place.',
  rightOrder: 'The right order:',
};
