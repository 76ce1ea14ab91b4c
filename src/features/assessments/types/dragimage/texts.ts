import type { English } from '../../../../i18n/english.js';

export const ru = {
  name: 'Подписи на картинке',
  zones: 'Места для подписей',
  zonesHint: 'У каждого места своя верная подпись. Обучающийся увидит номера мест и перемешанные подписи.',
  caption: 'Подпись',
  captionNumber: 'Место {{number}}: верная подпись',
  extraCaptions: 'Лишние подписи',
  drag: 'Перетащите подписи на картинку или выберите их для каждого номера.',
  zone: 'Место {{number}}',
  pictureCaption: 'Подпись-картинка заменена названием: {{what}}',
} as const;

export const en: English<typeof ru> = {
  name: 'Captions on a picture',
  zones: 'Places for captions',
  zonesHint: 'Each place has its own right caption. The student sees numbered places and shuffled captions.',
  caption: 'Caption',
  captionNumber: 'Place {{number}}: right caption',
  extraCaptions: 'Further captions',
  drag: 'Drag the captions onto the picture, or choose one for each number.',
  zone: 'Place {{number}}',
  pictureCaption: 'A caption that was a picture became its name: {{what}}',
};
