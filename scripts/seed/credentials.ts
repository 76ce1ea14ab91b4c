import type { CardImport } from '../../src/features/directory/index.js';
import type { CentreTeacher } from '../demo-lms/centre.js';

type Credentials = Pick<
  CardImport,
  'education' | 'degree' | 'academicTitle' | 'training' | 'retraining' | 'experienceSince' | 'programmes'
>;

const COURSES = [
  'Дистанционные образовательные технологии в дополнительном образовании',
  'Формирующее оценивание в электронной среде',
  'Доступность цифровых учебных материалов',
];
const PLACES = ['Институт развития образования', 'Педагогический университет'];

const monthsAgo = (now: Date, months: number): string => {
  const date = new Date(now);
  date.setUTCDate(15);
  date.setUTCMonth(date.getUTCMonth() - months);
  return date.toISOString().slice(0, 10);
};

/** Education and training of a teacher of the demo centre: believable, and different from teacher to teacher. */
export function credentialsOf(person: CentreTeacher, index: number, now: Date): Credentials {
  const subject = person.subjects[0] ?? '';
  return {
    education: [
      {
        level: index % 4 === 0 ? 'master' : 'specialist',
        speciality: subject,
        qualification:
          index % 4 === 0 ? 'магистр педагогического образования' : `учитель (${subject.toLowerCase()})`,
      },
    ],
    degree: index % 6 === 0 ? 'кандидат педагогических наук' : '',
    academicTitle: index % 12 === 0 ? 'доцент' : '',
    training: [
      {
        title: COURSES[index % COURSES.length] ?? '',
        place: PLACES[index % PLACES.length] ?? '',
        finishedOn: monthsAgo(now, 4 + index * 2),
      },
    ],
    retraining:
      index % 5 === 0
        ? [
            {
              title: 'Педагог дополнительного образования',
              place: PLACES[1] ?? '',
              finishedOn: monthsAgo(now, 60),
            },
          ]
        : [],
    experienceSince: `${2001 + index}-09-01`,
    programmes: person.subjects.map((title) => `${title}: дистанционный курс`),
  };
}
