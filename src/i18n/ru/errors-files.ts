export const fileErrors = {
  'file-too-large': {
    title: 'Файл слишком большой',
    text: 'Можно загрузить файл не больше {{megabytes}} МБ. Ничего не сохранено.',
  },
  'bad-upload': {
    title: 'Файл не загрузился',
    text: 'Загрузка прервалась или файлов больше, чем можно. Попробуйте ещё раз.',
  },
  'files-quota': {
    title: 'Место для файлов закончилось',
    text: 'Здесь может быть не больше {{files}} файлов и {{megabytes}} МБ. Удалите ненужные и попробуйте снова.',
  },
  'file-unavailable': {
    title: 'Файл сейчас недоступен',
    text: 'Хранилище файлов не отвечает. Попробуйте через полминуты.',
  },
} as const;

export const fileFields = {
  fileTooLarge: 'Файл слишком большой',
  pictureType: 'Нужна фотография в формате JPEG, PNG или WebP',
  pictureLarge: 'В фотографии больше 40 мегапикселей',
  pictureDamaged: 'Файл повреждён: фотографию не прочитать',
} as const;
