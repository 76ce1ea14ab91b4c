import { changed, type Audit, type AuditActor } from '../../../infra/audit/index.js';
import { badInput, DomainError, notFound } from '../../../shared/errors.js';
import { BUILT_IN_TYPES } from '../series/series-settings.js';
import type { SeriesStore } from '../series/series.store.js';
import { BUILT_IN } from './built-in.js';
import { typeFields, type TypeRules } from './types.fields.js';
import type { TypesStore } from './types.store.js';

/** A type of consultations, as new series begin from it. */
export interface ConsultationKind {
  readonly id: string;
  readonly builtIn: boolean;
  readonly rules: TypeRules;
  readonly archived: boolean;
  readonly version: number;
}

export interface TypesServiceDeps {
  readonly types: TypesStore;
  readonly series: Pick<SeriesStore, 'retitleType'>;
  readonly audit: Pick<Audit, 'append'>;
}

export interface TypesService {
  /** Built-in ones first, in their order. */
  list(): Promise<ConsultationKind[]>;
  findOptional(id: string): Promise<ConsultationKind | null>;
  /** @throws DomainError `not-found` */
  find(id: string): Promise<ConsultationKind>;
  /** @throws DomainError `bad-input` on `capacity` when a group has one seat, or an individual type more */
  create(by: AuditActor, rules: TypeRules): Promise<string>;
  /**
   * Changes what new series begin with; running ones keep their rules and follow a new title.
   * @throws DomainError `type-stale` (409); `bad-input`; `not-found`
   */
  edit(by: AuditActor, id: string, version: number, rules: TypeRules): Promise<void>;
  /** No new series begin from an archived type. @throws DomainError `type-stale` (409), `not-found` */
  archive(by: AuditActor, id: string, version: number, archived: boolean): Promise<void>;
}

const stale = (): DomainError =>
  new DomainError('type-stale', 409, { fields: { version: 'errors.field.stale' } });

/** @throws DomainError `bad-input` on `capacity` */
export function demandSeats({ form, capacity }: Pick<TypeRules, 'form' | 'capacity'>): void {
  if (form === 'individual' && capacity !== 1) throw badInput({ capacity: 'errors.field.individual' });
  if (form === 'group' && capacity < 2) throw badInput({ capacity: 'errors.field.group' });
}

export function createTypesService({ types, series, audit }: TypesServiceDeps): TypesService {
  async function list(): Promise<ConsultationKind[]> {
    const stored = await types.list();
    const byId = new Map(stored.map((type) => [type.id, type]));
    const builtIn = BUILT_IN_TYPES.map((id) => {
      const { rules, archived, version } = byId.get(id) ?? {
        rules: BUILT_IN[id],
        archived: false,
        version: 0,
      };
      return { id, builtIn: true, rules, archived, version };
    });
    const names: readonly string[] = BUILT_IN_TYPES;
    const made = stored.filter(({ id }) => !names.includes(id)).map((type) => ({ ...type, builtIn: false }));
    return [...builtIn, ...made];
  }

  const findOptional = async (id: string): Promise<ConsultationKind | null> =>
    (await list()).find((type) => type.id === id) ?? null;

  async function find(id: string): Promise<ConsultationKind> {
    const found = await findOptional(id);
    if (found === null) throw notFound();
    return found;
  }

  const note = (by: AuditActor, id: string, before: object, after: TypeRules): Promise<void> =>
    audit.append({
      actor: by,
      action: 'consultation-type-changed',
      subject: { kind: 'centre', id, name: after.title },
      ...changed(before as Record<string, string>, typeFields.texts(after)),
    });

  return {
    list,
    findOptional,
    find,

    async create(by, rules) {
      demandSeats(rules);
      const id = await types.insert(rules);
      await note(by, id, {}, rules);
      return id;
    },

    async edit(by, id, version, rules) {
      demandSeats(rules);
      const before = await find(id);
      if (!(await types.save(id, version, { ...rules, archived: before.archived }))) throw stale();
      await series.retitleType(id, rules.title);
      await note(by, id, typeFields.texts(before.rules), rules);
    },

    async archive(by, id, version, archived) {
      const before = await find(id);
      if (!(await types.save(id, version, { ...before.rules, archived }))) throw stale();
      const texts = typeFields.texts(before.rules);
      await audit.append({
        actor: by,
        action: 'consultation-type-changed',
        subject: { kind: 'centre', id, name: before.rules.title },
        ...changed({ ...texts, archived: String(before.archived) }, { ...texts, archived: String(archived) }),
      });
    },
  };
}
