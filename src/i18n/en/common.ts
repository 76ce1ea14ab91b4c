import type { English } from '../english.js';
import type { common as ru } from '../ru/common.js';

export const common: English<typeof ru> = {
  product: 'Nastavnik',
  language: { label: 'Language', ru: 'Русский', en: 'English' },
  nav: {
    label: 'Sections',
    home: 'Home',
    consultations: 'Consultations',
    tests: 'Tests',
    directory: 'Teachers',
    grades: 'Grades',
    people: 'Participants',
  },
  role: {
    administrator: 'Administrator',
    methodist: 'Curriculum coordinator',
    teacher: 'Teacher',
    assistant: 'Assistant',
    student: 'Student',
  },
  nameless: 'No name',
  actingAs: '{{name}}, {{role}}',
  save: 'Save',
  cancel: 'Cancel',
  back: 'Back',
  remove: 'Remove',
  edit: 'Edit',
  next: 'Next',
  previous: 'Previous',
  pager: 'Pages',
  pageOf: 'Page {{page}} of {{pages}}',
  optional: 'optional',
  fieldErrors: 'Check the marked fields',
  skip: 'Skip to content',
  zone: 'Time: {{zone}}',
  bothTimes: '{{yours}} your time, {{there}} at the centre',
};
