export const notifications = {
  cancelled: 'Консультация отменена: {{title}}',
  cancelledBy: 'Преподаватель: {{name}}',
  reason: 'Причина: {{reason}}',
  read: 'Прочитано',
  mail: {
    subject: 'Консультация отменена: {{title}}',
    what: 'Консультация «{{title}}» ({{when}}, {{zone}}) не состоится.',
    course: 'Курс: {{course}}',
    teacher: 'Преподаватель: {{name}}',
    reason: 'Причина: {{reason}}',
    next: 'Записаться на другое время можно в курсе.',
  },
};
