import type { Audit, AuditActor, AuditValues } from '../../../infra/audit/index.js';
import { badInput, notFound } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import type {
  Branch,
  BranchDetails,
  Department,
  Organisation,
  Programme,
  TeacherPlace,
  Term,
  UnitKind,
} from '../../directory/index.js';
import { POSTS } from '../../directory/index.js';
import type { CoursesStore } from '../../membership/index.js';

type Post = (typeof POSTS)[number];

export interface OrganisationAdminDeps {
  readonly organisation: Organisation;
  readonly courses: Pick<CoursesStore, 'listAll'>;
  readonly audit: Pick<Audit, 'append'>;
}

/** A choice of a form: an id with what it is called. */
export interface NamedRecord {
  readonly id: string;
  readonly name: string;
}

export interface PostHolder extends NamedRecord, Term {
  /** True if the post begins on a later day. */
  readonly coming: boolean;
}

export interface OrganisationPage {
  readonly posts: readonly {
    readonly post: Post;
    /** The centre's own word; ''. */
    readonly title: string;
    readonly holders: readonly PostHolder[];
  }[];
  readonly departments: readonly (Department & { readonly head: string })[];
  readonly programmes: readonly Programme[];
  readonly branches: readonly (Branch & { readonly head: string })[];
  readonly cards: readonly NamedRecord[];
}

export interface UnitEdit {
  readonly title: string;
  readonly headId: string;
  readonly members: readonly string[];
  readonly version: number;
  /** Of a branch or an office. */
  readonly details?: BranchDetails;
}

/** Posts, departments and programmes, as administrators set them. */
export interface OrganisationAdmin {
  page(): Promise<OrganisationPage>;
  /** What a unit's form offers: associations of a department, courses of a programme. */
  memberChoices(kind: UnitKind): Promise<readonly NamedRecord[]>;
  cards(): Promise<readonly NamedRecord[]>;
  /** @throws DomainError `not-found` */
  findUnit(kind: UnitKind, id: string): Promise<UnitEdit & { readonly id: string }>;
  setTitle(by: AuditActor, post: Post, title: string): Promise<void>;
  /** @throws DomainError `bad-input` on `until` */
  setHolder(by: AuditActor, post: Post, cardId: string, holds: boolean, term: Term): Promise<void>;
  /** @throws DomainError `bad-input` on `title`, `head`, `members`; `directory-stale` (409) */
  saveUnit(by: AuditActor, kind: UnitKind, id: string | null, edit: UnitEdit): Promise<void>;
  removeUnit(by: AuditActor, kind: UnitKind, id: string): Promise<void>;
}

const cardOf = ({ cardId, name }: TeacherPlace): NamedRecord => ({ id: cardId, name: fullName(name) });

export function createOrganisationAdmin({
  organisation,
  courses,
  audit,
}: OrganisationAdminDeps): OrganisationAdmin {
  const note = (by: AuditActor, before: AuditValues, after: AuditValues): Promise<void> =>
    audit.append({
      actor: by,
      action: 'organisation-changed',
      subject: { kind: 'centre', id: '', name: '' },
      before,
      after,
    });

  const cards = async (): Promise<NamedRecord[]> => (await organisation.listTeachers()).map(cardOf);

  async function memberChoices(kind: UnitKind): Promise<NamedRecord[]> {
    if (kind === 'department')
      return (await organisation.listAssociations()).map(({ id, title }) => ({ id, name: title }));
    if (kind !== 'programme') return [];
    return (await courses.listAll()).map(({ id, title }) => ({ id, name: title }));
  }

  async function findUnit(kind: UnitKind, id: string): Promise<UnitEdit & { id: string }> {
    if (kind === 'department') {
      const unit = (await organisation.listDepartments()).find((item) => item.id === id);
      if (unit === undefined) throw notFound();
      return { ...unit, members: unit.associationIds };
    }
    if (kind !== 'programme') {
      const branch = (await organisation.listBranches()).find((item) => item.kind === kind && item.id === id);
      if (branch === undefined) throw notFound();
      const { title, headId, version, kind: _kind, id: _id, ...details } = branch;
      return { id, title, headId, version, members: [], details };
    }
    const unit = (await organisation.listProgrammes()).find((item) => item.id === id);
    if (unit === undefined) throw notFound();
    return { ...unit, headId: '', members: unit.courseIds };
  }

  return {
    memberChoices,
    cards,
    findUnit,

    async page() {
      const [titles, departments, programmes, branches, all] = await Promise.all([
        organisation.titles(),
        organisation.listDepartments(),
        organisation.listProgrammes(),
        organisation.listBranches(),
        cards(),
      ]);
      const names = new Map(all.map(({ id, name }) => [id, name]));
      const posts = await Promise.all(
        POSTS.map(async (post) => ({
          post,
          title: titles[post] ?? '',
          holders: [
            ...(await organisation.holdersOf([post])).map((holder) => ({ ...holder, coming: false })),
            ...(await organisation.comingHoldersOf(post)).map((holder) => ({ ...holder, coming: true })),
          ].map(({ cardId, name, since, until, coming }) => ({
            ...{ id: cardId, name: fullName(name), since, until, coming },
          })),
        })),
      );
      return {
        posts,
        departments: departments.map((unit) => ({ ...unit, head: names.get(unit.headId) ?? '' })),
        programmes,
        branches: branches.map((unit) => ({ ...unit, head: names.get(unit.headId) ?? '' })),
        cards: all,
      };
    },

    async setTitle(by, post, title) {
      const before = (await organisation.titles())[post] ?? '';
      await organisation.setTitle(post, title);
      if (before !== title) await note(by, { [post]: before }, { [post]: title });
    },

    async setHolder(by, post, cardId, holds, term) {
      await organisation.setHolder(post, cardId, holds, { personId: '', name: by.name }, term);
      const card = (await cards()).find(({ id }) => id === cardId);
      const name = card?.name ?? '';
      await note(by, { [post]: holds ? '' : name }, { [post]: holds ? name : '' });
    },

    async saveUnit(by, kind, id, { title, headId, members, version, details }) {
      const [choices, all] = await Promise.all([memberChoices(kind), cards()]);
      if (members.some((member) => !choices.some((choice) => choice.id === member)))
        throw badInput({ members: 'errors.field.wrong' });
      if (headId !== '' && !all.some((card) => card.id === headId))
        throw badInput({ head: 'errors.field.wrong' });
      const before = id === null ? null : await findUnit(kind, id);
      const head = kind === 'programme' ? '' : headId;
      await organisation.saveUnit(kind, id, version, {
        title,
        headId: head,
        members,
        ...(details && { details }),
      });
      await note(by, { [kind]: before?.title ?? '' }, { [kind]: title });
    },

    async removeUnit(by, kind, id) {
      const { title } = await findUnit(kind, id);
      await organisation.removeUnit(kind, id);
      await note(by, { [kind]: title }, { [kind]: '' });
    },
  };
}
