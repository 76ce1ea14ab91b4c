import type { AssessmentsFeature } from '../../src/features/assessments/index.js';
import type { DirectoryFeature, Editor } from '../../src/features/directory/index.js';
import type { SeedContext } from './context.js';

import { logo } from './portrait.js';

type NewMaterial = Parameters<DirectoryFeature['materials']['create']>[2];

const BLANK = { topic: '', programme: '', description: '', url: '', text: '', tasks: '', tests: [] } as const;

/** Materials by the LMS id of the teacher whose they are. */
const MATERIALS: readonly (readonly [string, NewMaterial])[] = [
  [
    '11',
    {
      ...BLANK,
      title: 'Как решать квадратные уравнения',
      kind: 'text',
      topic: 'Алгебра, 8 класс',
      description: 'Краткий план: от неполных уравнений к формуле корней.',
      text: 'Уравнение ax² + bx + c = 0 решают через дискриминант D = b² − 4ac.\nЕсли D > 0, корней два; если D = 0, корень один; если D < 0, действительных корней нет.',
      tasks:
        'Решите: x² − 5x + 6 = 0.\nПри каком a уравнение x² + ax + 9 = 0 имеет один корень?\nОбъясните, почему при D < 0 график не пересекает ось.',
      sources: [
        { citation: 'Открытый банк заданий ОГЭ, математика', url: 'https://oge.fipi.ru/' },
        { citation: 'Учебник «Алгебра. 8 класс», глава 3', url: '' },
      ],
      audience: 'public',
    },
  ],
  [
    '13',
    {
      ...BLANK,
      title: 'Наблюдаем Луну в бинокль',
      kind: 'text',
      topic: 'Астрономия',
      text: 'Лучше всего рельеф виден у терминатора: границы света и тени. Начните в первую четверть.',
      tasks: 'Зарисуйте терминатор два вечера подряд. Что изменилось?',
      sources: [{ citation: 'Астрономический календарь', url: '' }],
      audience: 'public',
    },
  ],
  [
    '21',
    {
      ...BLANK,
      title: 'Строение клетки: видеоурок',
      kind: 'video',
      topic: 'Биология, 9 класс',
      url: 'https://rutube.ru/video/0123456789abcdef0123456789abcdef/',
      description: 'Посмотрите до консультации и выпишите органоиды.',
      sources: [],
      audience: 'students',
    },
  ],
  [
    '18',
    {
      ...BLANK,
      title: 'Конституция: интерактивный текст',
      kind: 'link',
      topic: 'Право',
      url: 'http://www.kremlin.ru/acts/constitution',
      sources: [],
      audience: 'public',
    },
  ],
];

/** Materials of the demo centre's teachers. */
export async function seedMaterials(
  feature: DirectoryFeature,
  slugs: ReadonlyMap<string, string>,
  by: Editor,
): Promise<void> {
  const actor = {
    personId: by.personId,
    role: 'methodist' as const,
    centreRole: 'methodist' as const,
    name: { surname: by.name, givenName: '', patronymic: '' },
  };
  for (const [teacherId, material] of MATERIALS) {
    const card = await feature.cards.forEdit(actor, slugs.get(teacherId) ?? '');
    await feature.materials.create(actor, card, material);
  }
}

/** The demo centre's words on its open pages. */
export async function seedSite(feature: DirectoryFeature): Promise<void> {
  await feature.site.putDrawnLogo(await logo());
  await feature.site.change({
    about:
      'Центр «Ступени» учит школьников на расстоянии: уроки и консультации идут через интернет, задания и материалы открыты в любое время.',
    postalAddress: '000000, г. Примерный, ул. Учебная, д. 1',
    divisionDocument: 'https://center.example.org/polozhenie-ob-otdele.pdf',
    help: 'По телефону отвечают руководители объединений, заведующий отделом и администрация.\nВ мессенджерах и социальных сетях преподаватели проводят индивидуальные и групповые консультации: текстом, голосом или по видео.\nПо электронной почте пишите администрации и преподавателям: так передают имена в мессенджерах и ссылки на источники.',
    contacts: [
      { kind: 'telephone', value: '+70000000001', purpose: 'administration', hours: 'пн–пт 9:00–17:00' },
      { kind: 'email', value: 'center@example.org', purpose: 'administration', hours: '' },
      { kind: 'vk', value: 'stupeni_demo', purpose: 'any', hours: '' },
      { kind: 'max', value: 'stupeni_demo', purpose: 'any', hours: '' },
    ],
  });
}

/** Links the demo's test of equations to the material about them: anyone may try it without a grade. */
export async function seedSelfCheck(
  { materials }: Pick<DirectoryFeature, 'materials'>,
  { tests }: Pick<AssessmentsFeature, 'tests'>,
  context: SeedContext,
): Promise<void> {
  const actor = context.actor('11', '2');
  const [test] = (await tests.list(actor)).filter(({ title }) => title === 'Квадратные уравнения');
  const found = await materials.search('staff', { q: 'квадратные уравнения', topic: '', page: 1 });
  const [{ material } = { material: null }] = found.materials;
  if (test === undefined || material === null || material.tests.length > 0) return;
  const { kind, title, topic, programme, description, url, text, tasks, sources, audience } = material;
  const fields = {
    kind,
    title,
    topic,
    programme,
    description,
    url,
    text,
    tasks,
    sources: [...sources],
    audience,
  };
  await materials.save(actor, material, material.version, {
    ...fields,
    tests: [{ courseId: test.courseId, testId: test.id }],
  });
}
