import { expect } from 'chai';
import { CONTACT_KINDS } from '../../../src/features/directory/index.js';
import type { Role } from '../../../src/shared/roles.js';
import { Visitor, type TestApp } from '../../support/test-app.js';
import { mapMethodist, METHODIST } from '../../support/roles.js';
import { Browser, launchLink } from '../../support/lms.js';

const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const ROLES: Record<Role, readonly string[]> = {
  administrator: [
    `${MEMBERSHIP}#Administrator`,
    'http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator',
  ],
  methodist: [`${MEMBERSHIP}#Manager`, METHODIST],
  teacher: [`${MEMBERSHIP}#Instructor`],
  assistant: [`${MEMBERSHIP}#Instructor`, `${MEMBERSHIP}/Instructor#TeachingAssistant`],
  student: [`${MEMBERSHIP}#Learner`],
};

/** Comes in with exactly this role, which not every LMS can send: the demo LMS calls a manager an instructor. */
export async function launchAs(
  testApp: TestApp,
  role: Role,
  person: string,
  more: { course?: string; browser?: Browser; claims?: object } = {},
): Promise<Visitor> {
  const { course = '2', browser = new Browser({ framedBy: testApp.lms.origin }) } = more;
  await mapMethodist(testApp);
  const { response } = await launchLink(testApp.lms, {
    person,
    course,
    browser,
    forge: ({ claims }) => ({
      ...claims,
      ...more.claims,
      'https://purl.imsglobal.org/spec/lti/claim/roles': ROLES[role],
    }),
  });
  const key = /\/c\/([a-z0-9]+)\//.exec(response.url)?.[1];
  expect(key, `${response.status} ${response.text}`).to.be.a('string');
  return new Visitor(testApp.origin, browser, key!, response);
}

/** The JSON of a page, as the test knows it to be. */
export async function dataOf<Data>(visitor: Visitor, path: string): Promise<Data> {
  return (await visitor.json('GET', path)).data as Data;
}

/** What a card holds in tests; every value can be told from every other wherever it shows up. */
export const VALUES = {
  telephone: '+7 900 111-22-33',
  email: 'trace-email@example.org',
  whatsapp: '+7 900 222-33-44',
  telegram: '@tracetelegram',
  max: 'max.ru/tracemax',
  vk: 'vk.com/tracevk',
  instagram: '@traceinstagram',
  site: 'tracesite.example.org',
  hours: 'trace hours',
  about: 'trace about',
} as const;
export type Field = keyof typeof VALUES;
export const FIELDS = Object.keys(VALUES) as Field[];

/** What of a field's value may be found in a page or in JSON, in whatever form. */
export const TRACE: Record<Field, RegExp> = {
  telephone: /900.?111/,
  email: /trace-email/,
  whatsapp: /900.?222/,
  telegram: /tracetelegram/,
  max: /tracemax/,
  vk: /tracevk/,
  instagram: /traceinstagram/,
  site: /tracesite/,
  hours: /trace hours/,
  about: /trace about/,
};

const KINDS = FIELDS.filter((field) => field !== 'hours' && field !== 'about');
const CONTACT_FIELDS = new Set<string>(KINDS.flatMap((kind) => [kind, `${kind}Visibility`]));

/** Says contacts by kind, `{ vk: 'name', vkVisibility: 'public' }`, as the card's JSON says them: as a list. */
export function withContacts(card: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const rest = Object.fromEntries(Object.entries(card).filter(([name]) => !CONTACT_FIELDS.has(name)));
  const contacts = KINDS.flatMap((kind) => {
    const value = card[kind];
    const visibility = card[`${kind}Visibility`];
    return value === undefined ? [] : [{ kind, value, ...(visibility !== undefined && { visibility }) }];
  });
  return contacts.length === 0 ? rest : { contacts, ...rest };
}

/** The same as the rows of the card's form. */
export function contactFields(card: Readonly<Record<string, string>>): Record<string, string | string[]> {
  const { contacts = [], ...rest } = withContacts(card) as Record<string, string> & {
    contacts?: { kind: string; value: string; visibility?: string }[];
  };
  return {
    ...(rest as Record<string, string>),
    contactId: contacts.map(() => ''),
    contactKind: contacts.map(({ kind }) => kind),
    contactValue: contacts.map(({ value }) => value),
    contactPurpose: contacts.map(() => 'any'),
    contactHours: contacts.map(() => ''),
    contactVisibility: contacts.map(({ visibility = 'staff' }) => visibility),
  };
}

/** All kinds of contacts exist at the centre: those of Meta are off by default. */
export const allKinds = (testApp: TestApp): Promise<void> =>
  testApp.app.features.directory.site.change({ kinds: CONTACT_KINDS });

/** Makes a card as a manager would, by JSON. @returns its slug */
export async function makeCard(manager: Visitor, card: Readonly<Record<string, unknown>>): Promise<string> {
  const reply = await manager.json('POST', 'directory/teachers', withContacts(card));
  expect(reply.status, JSON.stringify(reply.data)).to.equal(303);
  return slugIn(reply.headers);
}

/** @returns the new association's slug */
export async function makeAssociation(
  manager: Visitor,
  association: Readonly<Record<string, unknown>>,
): Promise<string> {
  const reply = await manager.json('POST', 'directory/associations', association);
  expect(reply.status, JSON.stringify(reply.data)).to.equal(303);
  return slugIn(reply.headers);
}

export function slugIn(headers: Headers): string {
  const slug = /\/(?:teachers|associations)\/([a-z0-9-]+)/.exec(headers.get('location') ?? '')?.[1];
  expect(slug, headers.get('location') ?? 'no location').to.be.a('string');
  return slug!;
}

/** The names of a list's rows, in its order. */
export const namesIn = (data: { teachers: { fullName: string }[] }): string[] =>
  data.teachers.map(({ fullName }) => fullName);

/** The version that the card's form carries. */
export async function versionOf(editor: Visitor, slug: string, what = 'teachers'): Promise<number> {
  const data = await dataOf<{ kept: { version: number } }>(editor, `directory/${what}/${slug}/edit`);
  return data.kept.version;
}
