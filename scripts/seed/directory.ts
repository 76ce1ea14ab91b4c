import {
  detailsOf,
  NO_CREDENTIALS,
  normaliseContact,
  type CardImport,
  type ContactInput,
  type ContactKind,
  type DirectoryFeature,
  type Editor,
  type Post,
  type Visibility,
} from '../../src/features/directory/index.js';
import { fullName, type PersonName } from '../../src/shared/names.js';
import {
  associations,
  methodist,
  teachers,
  type CentreStaff,
  type CentreTeacher,
} from '../demo-lms/centre.js';
import type { SeedContext } from './context.js';
import { credentialsOf } from './credentials.js';
import { seedMaterials, seedSite } from './materials.js';
import { portrait } from './portrait.js';

/**
 * Who sees what, as people do it: the post and the office telephone for all, messengers for one's students,
 * the private number for colleagues. The four mixes take turns.
 */
const HABITS: readonly Partial<Record<ContactKind | 'hours', Visibility>>[] = [
  {
    telephone: 'public',
    email: 'public',
    telegram: 'students',
    vk: 'public',
    site: 'public',
    hours: 'public',
  },
  { email: 'public', whatsapp: 'students', telegram: 'students', max: 'students', hours: 'public' },
  { email: 'students', telephone: 'students', vk: 'public', instagram: 'public', hours: 'students' },
  {
    telephone: 'public',
    email: 'public',
    max: 'public',
    telegram: 'public',
    site: 'public',
    hours: 'public',
  },
];

const HOURS = [
  'Вт 15:00–17:00\nЧт 10:00–12:00',
  'Пн, ср 14:30–16:00',
  'Пт 12:00–15:00, в остальные дни по договорённости',
  'Ежедневно, кроме пятницы, 16:00–17:30',
];

const ABOUT: Readonly<Record<string, string>> = {
  '11': 'Веду алгебру и геометрию в 8–11 классах, готовлю к экзаменам. На консультации приносите черновик: по нему видно, где свернули не туда.',
  '13': 'Физика и астрономия. По ясным четвергам показываю небо через школьный телескоп, трансляция открыта всем.',
  '18': 'Обществознание и право. Пишу с учениками проекты о школьном самоуправлении.',
  '21': 'Биология, подготовка к олимпиадам. Отвечаю на письма в тот же день.',
};

const ABOUT_ASSOCIATIONS: Readonly<Record<string, string>> = {
  '1': 'Алгебра, геометрия, информатика и программирование. Олимпиадный кружок по субботам.',
  '2': 'Физика, химия, биология, астрономия. Практические работы с домашним набором опытов.',
  '3': 'Русский язык и литература. Мастерская сочинения перед итоговой аттестацией.',
};

interface Responsible {
  readonly name: PersonName;
  readonly position: string;
  readonly post: Post;
  readonly telephone: string;
  readonly email: string;
}

/** Those who answer for the centre and have no account in the LMS. */
const OFFICE: readonly Responsible[] = [
  {
    name: { surname: 'Крылова', givenName: 'Татьяна', patronymic: 'Борисовна' },
    position: 'Директор центра',
    post: 'director',
    telephone: '+7 000 000-00-01 доб. 101',
    email: 'director@example.org',
  },
  {
    name: { surname: 'Мартынов', givenName: 'Сергей', patronymic: 'Леонидович' },
    position: 'Заместитель директора по учебной работе',
    post: 'deputyStudy',
    telephone: '+7 000 000-00-01 доб. 102',
    email: 'study@example.org',
  },
  {
    name: { surname: 'Ефимова', givenName: 'Лидия', patronymic: 'Фёдоровна' },
    position: 'Руководитель отдела дистанционного обучения',
    post: 'departmentHead',
    telephone: '+7 000 000-00-01 доб. 110',
    email: 'distance@example.org',
  },
];

/** Kinds that the demo centre's people give, in the order of their cards. */
const KINDS = ['telephone', 'email', 'max', 'vk', 'telegram', 'whatsapp', 'instagram', 'site'] as const;

/** The demo centre's addresses are on example.org; the feature keeps only names that the services could have. */
function contactOf(kind: (typeof KINDS)[number], person: CentreStaff): string {
  const given = person.contacts[kind];
  if (given === '') return '';
  const messenger = kind === 'telegram' || kind === 'max' || kind === 'vk' || kind === 'instagram';
  return normal(kind, messenger ? `stupeni_demo_${person.username}` : given);
}

function normal(kind: ContactKind, typed: string): string {
  const value = normaliseContact(kind, typed);
  if (value === null) throw new Error(`seed: ${typed} is no contact of the kind ${kind}`);
  return value;
}

const officeContacts = (telephone: string, email: string): ContactInput[] => [
  {
    kind: 'telephone',
    value: normal('telephone', telephone),
    purpose: 'administration',
    hours: 'пн–пт 9:00–17:00',
    visibility: 'public',
  },
  {
    kind: 'email',
    value: normal('email', email),
    purpose: 'administration',
    hours: '',
    visibility: 'public',
  },
];

const NO_TEXTS: CardImport['details'] = detailsOf(() => ({ value: '', visibility: 'public' }));

/** What messengers are for differs from teacher to teacher. */
const PURPOSES = ['individual', 'group', 'any'] as const;

function teacherContacts(person: CentreTeacher, index: number): ContactInput[] {
  const habit = HABITS[index % HABITS.length] ?? {};
  return KINDS.flatMap((kind) => {
    const value = contactOf(kind, person);
    if (value === '') return [];
    const purpose = kind === 'site' ? 'any' : (PURPOSES[index % PURPOSES.length] ?? 'any');
    return [{ kind, value, purpose, hours: '', visibility: habit[kind] ?? 'staff' }];
  });
}

function teacherTexts(person: CentreTeacher, index: number): CardImport['details'] {
  const habit = HABITS[index % HABITS.length] ?? {};
  return detailsOf((kind) =>
    kind === 'hours'
      ? { value: HOURS[index % HOURS.length] ?? '', visibility: habit.hours ?? 'staff' }
      : { value: ABOUT[person.id] ?? '', visibility: 'public' },
  );
}

/**
 * The demo centre's directory: twelve teachers in five associations, the methodist, and those who answer for the
 * centre. Does nothing when there is a card already.
 */
export async function seedDirectory(feature: DirectoryFeature, context: SeedContext): Promise<void> {
  if ((await feature.countCards()) > 0) return;
  const methodistEditor: Editor = {
    personId: context.people.get(methodist.id) ?? '',
    name: fullName(methodist),
  };

  const shared = {
    ...NO_CREDENTIALS,
    ...{ posts: [], associationIds: [], subjects: [], personIds: [], consent: true },
  } as const;
  for (const { name, position, post, telephone, email } of OFFICE) {
    const contacts = officeContacts(telephone, email);
    await feature.upsertCard(
      { ...shared, name, position, posts: [post], visibility: 'public', contacts, details: NO_TEXTS },
      methodistEditor,
    );
  }
  await feature.upsertCard(
    {
      ...shared,
      name: nameOf(methodist),
      position: methodist.position,
      posts: ['deputyMethod'],
      visibility: 'public',
      contacts: officeContacts(methodist.contacts.telephone, methodist.contacts.email),
      details: NO_TEXTS,
      personIds: personIdsOf(context, methodist.id),
    },
    methodistEditor,
  );

  const ids = new Map<string, string>();
  for (const { id, title } of associations) {
    ids.set(id, (await feature.upsertAssociation({ title, description: '', head: '' })).id);
  }
  const slugs = new Map<string, string>();
  for (const [index, person] of teachers.entries()) {
    const { slug } = await feature.upsertCard(
      {
        ...shared,
        name: nameOf(person),
        position: person.position,
        subjects: person.subjects,
        associationIds: [ids.get(person.associationId) ?? ''],
        // One of the twelve has not opened the card to the web yet.
        visibility: person.id === '19' ? 'students' : 'public',
        ...credentialsOf(person, index, context.now),
        contacts: teacherContacts(person, index),
        details: teacherTexts(person, index),
        personIds: personIdsOf(context, person.id),
      },
      { personId: context.people.get(person.id) ?? '', name: fullName(person) },
    );
    slugs.set(person.id, slug);
    await feature.putPhoto(slug, await portrait(index, person.surname, person.givenName));
  }
  for (const { id, title, headId } of associations) {
    const description = ABOUT_ASSOCIATIONS[id] ?? '';
    await feature.upsertAssociation({ title, description, head: slugs.get(headId) ?? '' });
  }
  await seedSite(feature);
  await seedMaterials(feature, slugs, methodistEditor);
}

const nameOf = ({ surname, givenName, patronymic }: CentreStaff): PersonName => ({
  surname,
  givenName,
  patronymic,
});

const personIdsOf = (context: SeedContext, id: string): string[] => {
  const personId = context.people.get(id);
  return personId === undefined ? [] : [personId];
};
