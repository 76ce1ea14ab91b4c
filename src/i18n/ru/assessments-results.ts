/** Texts of what teachers do with results: messages, sheets to sign. */

export const messageTexts = {
  title: 'Сообщение обучающимся',
  open: 'Написать тем, кто в списке',
  text: 'Сообщение',
  hint: 'Придёт каждому отдельно, так, как он выбрал получать уведомления',
  to: 'Кому ({{count}})',
  none: 'В списке никого нет.',
  send: 'Отправить',
} as const;

export const sheetTexts = {
  title: 'Ведомость',
  open: 'Ведомость для печати',
  organisation: 'Организация',
  course: 'Курс',
  test: 'Форма контроля',
  group: 'Группа',
  teacher: 'Преподаватель',
  date: 'Дата',
  name: 'Фамилия, имя, отчество',
  signature: 'Подпись преподавателя',
  show: 'Показать',
  total: 'Всего в ведомости',
  teacherSigns: 'Преподаватель ____________________________',
  headSigns: 'Руководитель ____________________________',
  print: 'Напечатайте страницу из браузера (Ctrl+P): меню и кнопки на бумагу не попадут.',
  grade: {
    five5: 'отлично',
    five4: 'хорошо',
    five3: 'удовлетворительно',
    five2: 'неудовлетворительно',
    passed: 'зачтено',
    failed: 'не зачтено',
    absent: 'не проходил',
  },
} as const;
