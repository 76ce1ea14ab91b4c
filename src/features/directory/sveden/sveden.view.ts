import { fullName } from '../../../shared/names.js';
import type { Association, Card, ContactKind, Post } from '../cards/card.js';
import { contactLink, contactText } from '../cards/contacts.js';
import type { Branch, Department } from '../organisation/organisation.js';
import { credentialsView } from '../directory.view.js';

/* Tables of «Сведения об образовательной организации» (order 1493 of Rosobrnadzor, methodical recommendations 9.0). */

/** Table 3.8.1. @param cards of the teaching staff */
export function employeesView(cards: readonly Card[], now: Date) {
  return cards.map((card) => ({
    ...credentialsView(card, now),
    fio: fullName(card.name),
    slug: card.slug,
    position: card.position,
    posts: card.posts,
    subjects: card.subjects,
  }));
}

/** The first contact of a kind that everybody may see. */
function publicContact(card: Card, kind: ContactKind, kinds: readonly ContactKind[]): string {
  if (!kinds.includes(kind)) return '';
  const contact = card.contacts.find((found) => found.kind === kind && found.visibility === 'public');
  if (contact === undefined) return '';
  const { label, extension } = contactLink(kind, contact.value);
  return extension === undefined ? label : `${label}, доб. ${extension}`;
}

/** Posts of those who lead the centre, in the order of the law's table. */
const LEADERS: readonly (readonly [Post, 'rucovodstvo' | 'rucovodstvoZam'])[] = [
  ['director', 'rucovodstvo'],
  ['deputyStudy', 'rucovodstvoZam'],
  ['deputyMethod', 'rucovodstvoZam'],
];

/** Table 3.7.1. */
export const managersView = (cards: readonly Card[], kinds: readonly ContactKind[]) =>
  LEADERS.flatMap(([post, property]) =>
    cards
      .filter(({ posts }) => posts.includes(post))
      .map((card) => ({
        property,
        fio: fullName(card.name),
        slug: card.slug,
        post,
        position: card.position,
        telephone: publicContact(card, 'telephone', kinds),
        email: publicContact(card, 'email', kinds),
      })),
  );

/** What the tables say of branches and offices. @param cards of their heads that the reader sees */
export const branchesView = (branches: readonly Branch[], cards: readonly Card[]) =>
  branches.map(({ headId, telephone, ...branch }) => {
    const head = cards.find(({ id }) => id === headId) ?? null;
    return {
      ...branch,
      telephone: contactText('telephone', telephone),
      fio: head === null ? '' : fullName(head.name),
    };
  });

export interface StructContext {
  readonly departments: readonly Department[];
  readonly address: string;
  readonly site: string;
  readonly divisionDocument: string;
  readonly kinds: readonly ContactKind[];
}

/** Table 3.3: departments and associations with their heads. */
export function structView(
  associations: readonly Association[],
  cards: readonly Card[],
  { departments, address, site, divisionDocument, kinds }: StructContext,
) {
  const byId = new Map(cards.map((card) => [card.id, card]));
  const division = (name: string, slug: string, headId: string, post: string) => {
    const head = byId.get(headId) ?? null;
    return {
      ...{ name, slug, post, address, site, document: divisionDocument },
      fio: head === null ? '' : fullName(head.name),
      email: head === null ? '' : publicContact(head, 'email', kinds),
    };
  };
  return [
    ...departments.map(({ title, headId }) => division(title, '', headId, 'directory.post.departmentHead')),
    ...associations.map(({ title, slug, headId }) =>
      division(title, slug, headId, 'directory.sveden.headOfAssociation'),
    ),
  ];
}
