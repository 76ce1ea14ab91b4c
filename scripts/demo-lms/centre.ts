/**
 * A made-up Russian centre that teaches at a distance: its people, associations and courses. Pure data
 * without imports, so that the demo LMS, seeds and tests can all speak of the same people. Every contact is
 * fictitious: example.org addresses, and telephone numbers of the unassigned code +7 000.
 */

export type Post = 'administrator' | 'methodist' | 'teacher' | 'assistant' | 'student';

export interface CentrePerson {
  /** The number the LMS knows the person by (`sub` in a launch), as a string of digits. */
  readonly id: string;
  readonly username: string;
  readonly post: Post;
  readonly surname: string;
  readonly givenName: string;
  /** Empty for those who have none. */
  readonly patronymic: string;
  /**
   * Which field of the LMS holds the patronymic: many schools write it into the given name, others use the
   * separate middle name.
   */
  readonly patronymicIn: 'given' | 'middle';
  readonly email: string;
  /** The centre's own number of the person (`person_sourcedid`); may be empty. */
  readonly idNumber: string;
  readonly language: 'ru' | 'en';
  /** IANA name, or '99' where the person has not chosen one and the server's applies. */
  readonly timezone: string;
  /** The person's name and e-mail are not passed to tools. */
  readonly private: boolean;
}

/** Every value may be empty. All but the telephone numbers and the e-mail are addresses (https URLs). */
export interface Contacts {
  readonly telephone: string;
  readonly email: string;
  readonly whatsapp: string;
  readonly vk: string;
  readonly instagram: string;
  readonly telegram: string;
  readonly max: string;
  readonly site: string;
}

export interface CentreStaff extends CentrePerson {
  readonly position: string;
  readonly contacts: Contacts;
}

export interface CentreTeacher extends CentreStaff {
  readonly associationId: string;
  readonly subjects: readonly string[];
}

export interface CentreAssociation {
  readonly id: string;
  readonly title: string;
  /** The teacher who heads it. */
  readonly headId: string;
}

export interface CentreGroup {
  readonly id: string;
  readonly title: string;
  /** The set it belongs to, if any. */
  readonly set?: { readonly id: string; readonly title: string };
  readonly memberIds: readonly string[];
}

export interface CentreCourse {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly idNumber: string;
  /** ISO 8601, UTC. */
  readonly startsAt: string;
  readonly managerIds: readonly string[];
  readonly teacherIds: readonly string[];
  /** Teachers who may not edit the course. */
  readonly assistantIds: readonly string[];
  readonly studentIds: readonly string[];
  /** Of the students, those whose enrolment is suspended. */
  readonly suspendedIds: readonly string[];
  readonly groups: readonly CentreGroup[];
}

const person = (
  given: Pick<CentrePerson, 'id' | 'username' | 'post' | 'surname' | 'givenName' | 'patronymic'> &
    Partial<CentrePerson>,
): CentrePerson => ({
  patronymicIn: 'given',
  email: `${given.username}@example.org`,
  idNumber: '',
  language: 'ru',
  timezone: '99',
  private: false,
  ...given,
});

/** Contacts of the person whose address ends in `handle`; `without` leaves some out. */
const contacts = (id: string, handle: string, without: readonly (keyof Contacts)[] = []): Contacts => {
  const telephone = `+7 000 000-00-${id.padStart(2, '0')}`;
  const all: Contacts = {
    telephone,
    email: `${handle}@example.org`,
    whatsapp: telephone,
    vk: `https://vk.example.org/${handle}`,
    instagram: `https://instagram.example.org/${handle}`,
    telegram: `https://telegram.example.org/${handle}`,
    max: `https://max.example.org/${handle}`,
    site: `https://${handle}.example.org/`,
  };
  return { ...all, ...Object.fromEntries(without.map((channel) => [channel, ''])) };
};

export const administrator: CentreStaff = {
  ...person({
    id: '2',
    username: 'admin',
    post: 'administrator',
    surname: 'Лазарев',
    givenName: 'Олег',
    patronymic: 'Игоревич',
  }),
  position: 'Администратор учебного портала',
  contacts: contacts('2', 'lazarev', ['whatsapp', 'vk', 'instagram', 'max', 'site']),
};

export const methodist: CentreStaff = {
  ...person({
    id: '3',
    username: 'metodist',
    post: 'methodist',
    surname: 'Воронцова',
    givenName: 'Галина',
    patronymic: 'Степановна',
    idNumber: 'D-001',
  }),
  position: 'Заместитель директора по методической работе',
  contacts: contacts('3', 'vorontsova', ['instagram', 'site']),
};

export const assistant: CentreStaff = {
  ...person({
    id: '4',
    username: 'assistent',
    post: 'assistant',
    surname: 'Ильин',
    givenName: 'Глеб',
    patronymic: 'Романович',
    patronymicIn: 'middle',
  }),
  position: 'Ассистент преподавателя',
  contacts: contacts('4', 'ilyin', ['whatsapp', 'instagram', 'max', 'site']),
};

type TeacherRow = readonly [
  id: string,
  username: string,
  surname: string,
  givenName: string,
  patronymic: string,
  associationId: string,
  position: string,
  subjects: readonly string[],
  without: readonly (keyof Contacts)[],
];

const TEACHER_ROWS: readonly TeacherRow[] = [
  [
    '11',
    'sokolova',
    'Соколова',
    'Елена',
    'Викторовна',
    '1',
    'Руководитель объединения, преподаватель высшей категории',
    ['Алгебра', 'Геометрия'],
    [],
  ],
  [
    '12',
    'grigoriev',
    'Григорьев',
    'Андрей',
    'Павлович',
    '1',
    'Преподаватель первой категории',
    ['Информатика', 'Программирование'],
    ['instagram'],
  ],
  [
    '13',
    'belova',
    'Белова',
    'Наталья',
    'Сергеевна',
    '2',
    'Руководитель объединения, преподаватель высшей категории',
    ['Физика', 'Астрономия'],
    ['max'],
  ],
  [
    '14',
    'tarasov',
    'Тарасов',
    'Михаил',
    'Юрьевич',
    '2',
    'Преподаватель первой категории',
    ['Химия'],
    ['vk', 'instagram', 'site'],
  ],
  [
    '15',
    'orlova',
    'Орлова',
    'Ирина',
    'Дмитриевна',
    '3',
    'Руководитель объединения, преподаватель высшей категории',
    ['Русский язык'],
    ['site'],
  ],
  [
    '16',
    'zaitseva',
    'Зайцева',
    'Ольга',
    'Николаевна',
    '3',
    'Преподаватель',
    ['Литература', 'Русский язык'],
    ['whatsapp', 'max'],
  ],
  [
    '17',
    'kuznetsov',
    'Кузнецов',
    'Пётр',
    'Алексеевич',
    '4',
    'Руководитель объединения, преподаватель высшей категории',
    ['История'],
    ['instagram', 'site'],
  ],
  [
    '18',
    'fedorova',
    'Фёдорова',
    'Анна',
    'Ильинична',
    '4',
    'Преподаватель первой категории',
    ['Обществознание', 'Право'],
    [],
  ],
  [
    '19',
    'stern',
    'Штерн',
    'Марк',
    '',
    '5',
    'Преподаватель',
    ['Английский язык'],
    ['telephone', 'whatsapp', 'vk'],
  ],
  [
    '20',
    'nikitina',
    'Никитина',
    'Юлия',
    'Андреевна',
    '5',
    'Руководитель объединения, преподаватель первой категории',
    ['Немецкий язык', 'Английский язык'],
    ['max'],
  ],
  [
    '21',
    'elkin',
    'Ёлкин',
    'Семён',
    'Аркадьевич',
    '2',
    'Преподаватель',
    ['Биология'],
    ['telephone', 'whatsapp', 'vk', 'instagram', 'telegram', 'max', 'site'],
  ],
  [
    '22',
    'magomedova',
    'Магомедова-Юсупова',
    'Патимат',
    'Гаджиевна',
    '4',
    'Преподаватель высшей категории',
    ['География', 'Экология'],
    ['instagram'],
  ],
];

/** Those whose patronymic stands in the LMS's own field for it. */
const TEACHERS_WITH_MIDDLE_NAME: readonly string[] = ['12', '15', '22'];

export const teachers: readonly CentreTeacher[] = TEACHER_ROWS.map(
  ([id, username, surname, givenName, patronymic, associationId, position, subjects, without]) => ({
    ...person({
      id,
      username,
      post: 'teacher',
      surname,
      givenName,
      patronymic,
      patronymicIn: TEACHERS_WITH_MIDDLE_NAME.includes(id) ? 'middle' : 'given',
      idNumber: `T-0${id}`,
      timezone: id === '22' ? 'Asia/Yekaterinburg' : '99',
    }),
    associationId,
    position,
    subjects,
    contacts: contacts(id, username, without),
  }),
);

export const associations: readonly CentreAssociation[] = [
  { id: '1', title: 'Объединение математики и информатики', headId: '11' },
  { id: '2', title: 'Объединение естественных наук', headId: '13' },
  { id: '3', title: 'Объединение русского языка и литературы', headId: '15' },
  { id: '4', title: 'Объединение истории, обществознания и географии', headId: '17' },
  { id: '5', title: 'Объединение иностранных языков', headId: '20' },
];

const STUDENT_NAMES: readonly (readonly [surname: string, givenName: string, patronymic: string])[] = [
  ['Абрамов', 'Артём', 'Денисович'],
  ['Картер', 'Эмили', ''],
  ['Андреева', 'Вероника', 'Олеговна'],
  ['Богданов', 'Илья', 'Максимович'],
  ['Васильева', 'Дарья', 'Кирилловна'],
  ['Гаврилов', 'Никита', 'Антонович'],
  ['Герасимова', 'Полина', 'Евгеньевна'],
  ['Данилов', 'Матвей', 'Романович'],
  ['Егорова', 'Алёна', 'Вадимовна'],
  ['Ершов', 'Лев', 'Станиславович'],
  ['Жукова', 'Мария', 'Петровна'],
  ['Захаров', 'Тимофей', 'Игоревич'],
  ['Иванова', 'Мария', 'Алексеевна'],
  ['Иванова', 'Мария', 'Андреевна'],
  ['Исаев', 'Руслан', 'Тимурович'],
  ['Калинина', 'Софья', 'Михайловна'],
  ['Киселёв', 'Фёдор', 'Ильич'],
  ['Комарова', 'Ульяна', 'Сергеевна'],
  ['Лебедев', 'Егор', 'Викторович'],
  ['Мельникова', 'Арина', 'Юрьевна'],
  ['Миронов', 'Глеб', 'Павлович'],
  ['Назарова', 'Камила', ''],
  ['Николаев', 'Степан', 'Львович'],
  ['Осипова', 'Варвара', 'Глебовна'],
  ['Павлов', 'Роман', 'Дмитриевич'],
  ['Полякова', 'Есения', 'Артёмовна'],
  ['Родионов', 'Марк', 'Олегович'],
  ['Романова', 'Василиса', 'Ивановна'],
  ['Савельев', 'Кирилл', 'Андреевич'],
  ['Ким', 'Ли "Саша" & <b>Ю</b> 🎈', ''],
  ['Сафонова', 'Злата', 'Максимовна'],
  ['Семёнов', 'Даниил', 'Егорович'],
  ['Тихонова', 'Ева', 'Николаевна'],
  ['Ушаков', 'Платон', 'Владимирович'],
  ['Филиппова', 'Кира', 'Борисовна'],
  ['Хасанов', 'Амир', 'Ринатович'],
  ['Цветкова', 'Таисия', 'Григорьевна'],
  ['Чернов', 'Савелий', 'Константинович'],
  ['Щербакова', 'Эмилия', 'Валерьевна'],
  ['Юдин', 'Ярослав', 'Фёдорович'],
];

/** student02 reads English, student29 keeps name and e-mail private, student30 has an odd name. */
export const ENGLISH_STUDENT_ID = '102';
export const PRIVATE_STUDENT_ID = '129';
export const ODD_NAME_STUDENT_ID = '130';
/** Enrolled in course 2, suspended there. */
export const SUSPENDED_STUDENT_ID = '128';

export const students: readonly CentrePerson[] = STUDENT_NAMES.map(
  ([surname, givenName, patronymic], index) => {
    const number = String(index + 1).padStart(2, '0');
    const id = String(101 + index);
    return person({
      id,
      username: `student${number}`,
      post: 'student',
      surname,
      givenName,
      patronymic,
      patronymicIn: index % 4 === 3 ? 'middle' : 'given',
      idNumber: index < 20 ? `ST-00${number}` : '',
      language: id === ENGLISH_STUDENT_ID ? 'en' : 'ru',
      timezone: index === 4 ? 'Asia/Vladivostok' : '99',
      private: id === PRIVATE_STUDENT_ID,
    });
  },
);

/** Ids of the students numbered `from` to `to`, both included. */
const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(100 + from + index));

const CLASSES = { id: '1', title: 'Классы' } as const;

export const courses: readonly CentreCourse[] = [
  {
    id: '2',
    label: 'МАТ-9',
    title: 'Математика и естественные науки, 9 класс',
    idNumber: 'MAT9-2026',
    startsAt: '2026-09-01T05:00:00.000Z',
    managerIds: ['3'],
    teacherIds: ['11', '12', '13', '14', '21', '17'],
    assistantIds: ['4'],
    studentIds: numbered(1, 30),
    suspendedIds: [SUSPENDED_STUDENT_ID],
    groups: [
      { id: '1', title: 'Группа 9-А', set: CLASSES, memberIds: numbered(1, 14) },
      { id: '2', title: 'Группа 9-Б', set: CLASSES, memberIds: numbered(15, 30) },
      { id: '3', title: 'Подготовка к олимпиаде', memberIds: ['101', '105', '116'] },
    ],
  },
  {
    id: '3',
    label: 'ГУМ-9',
    title: 'Русский язык, история и иностранные языки, 9 класс',
    idNumber: 'GUM9-2026',
    startsAt: '2026-09-01T05:00:00.000Z',
    managerIds: ['3'],
    teacherIds: ['15', '16', '17', '18', '19', '20', '22'],
    assistantIds: [],
    studentIds: numbered(21, 40),
    suspendedIds: [],
    groups: [
      { id: '4', title: 'Английский язык', memberIds: numbered(21, 32) },
      { id: '5', title: 'Немецкий язык', memberIds: numbered(33, 40) },
    ],
  },
];

export const centre = {
  title: 'Центр дистанционного обучения «Ступени»',
  site: 'https://stupeni.example.org/',
  administrator,
  methodist,
  assistant,
  teachers,
  students,
  associations,
  courses,
} as const;

/** Everybody: staff first, then students. */
export const people: readonly CentrePerson[] = [
  administrator,
  methodist,
  assistant,
  ...teachers,
  ...students,
];
