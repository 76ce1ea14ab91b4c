/** What an import did to associations and departments. It is noted before it is done, so that nothing stays unnoted. */
export interface StructureChange {
  /**
   * Made an association, a department or a group; put an association into a department; named a head of either;
   * gave a group a teacher or a programme.
   */
  readonly what:
    | 'association'
    | 'department'
    | 'member'
    | 'head'
    | 'departmentHead'
    | 'group'
    | 'groupTeacher'
    | 'groupProgramme';
  /**
   * Of what was made, or of what got a head or a member. `groupTeacher`, `groupProgramme`: id of the group, whose title
   * may change.
   */
  readonly title: string;
  /**
   * `member`, `group`: id of the association; heads and `groupTeacher`: id of the card; `groupProgramme`: the programme
   * that the group has now.
   */
  readonly id: string;
  /** Heads: id of the card that headed it before; `groupProgramme`: the programme from before; ''. */
  readonly before: string;
}

export const structureChange = (
  what: StructureChange['what'],
  title: string,
  { id = '', before = '' }: Partial<Pick<StructureChange, 'id' | 'before'>> = {},
): StructureChange => ({ what, title, id, before });

/** What of an import may not be taken back, because something else needs it since. */
export interface Staying {
  /** Associations that the import made and that another feature names, with their heads and departments. */
  readonly associationIds: ReadonlySet<string>;
  /** Cards that head these associations, or that head something else without the import. */
  readonly headIds: ReadonlySet<string>;
}

/** What takes each kind of change back. Each returns false for what stays. */
export type TakeBack = Record<
  StructureChange['what'],
  (done: StructureChange, staying: Staying) => Promise<boolean>
>;
