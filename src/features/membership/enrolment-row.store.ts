import { Schema, type Connection } from 'mongoose';
import { atLeast, type CentreRole, type Role } from '../../shared/roles.js';
import { modelOf } from '../../storage/index.js';

/** Who was seen in a course, and as what. */
export interface Membership {
  readonly courseId: string;
  readonly personId: string;
  /** Of the latest launch; of the roster where there was no launch. */
  readonly role: Role;
  /** As the latest roster lists the person; null where none has. */
  readonly rosterRole: Role | null;
  /** Of the latest launch: what the person may do for the whole centre. */
  readonly centreRole: CentreRole | null;
  /** True for a person who teaches and has launched as a student to see how it is. */
  readonly onTrial: boolean;
  /** When a roster first named this person no more; null: they are in the course. */
  readonly leftAt: Date | null;
  /** False for whom only a roster has named. */
  readonly launched: boolean;
  /** The platform's ids of the groups they are in, as it last told. */
  readonly groups: readonly string[];
}

/** A place in a course, as a launch or a roster gives it. */
export interface Place extends Pick<Membership, 'courseId' | 'personId' | 'role'> {
  /** Absent or null: nothing is said of groups, and what is known stays. */
  readonly groups?: readonly string[] | null;
}

export interface MembershipRow {
  courseId: string;
  personId: string;
  role: Role;
  /** Absent until a roster lists the person. */
  rosterRole?: Role;
  /** Absent for most people. */
  centreRole?: CentreRole;
  /** Set by a teacher for a person who does not study here and has not launched yet; a launch tells the role itself. */
  assists?: true;
  /** Set by a launch as a student after one as a teacher. */
  trialSince?: Date;
  /** Of the latest launch, to the hour. Absent in rows of earlier versions. */
  launchedAt?: Date;
  /** Absent in rows from before there were rosters: those people have launched and are here. */
  leftAt?: Date | null;
  launched?: boolean;
  /** Absent until a platform tells. */
  groups?: readonly string[];
  updatedAt?: Date;
}

const membershipSchema = new Schema<MembershipRow>(
  {
    courseId: { type: String, required: true },
    personId: { type: String, required: true },
    role: { type: String, required: true },
    rosterRole: { type: String },
    centreRole: { type: String },
    assists: { type: Boolean },
    trialSince: { type: Date },
    launchedAt: { type: Date },
    leftAt: { type: Date },
    launched: { type: Boolean },
    groups: { type: [String], default: undefined },
  },
  { timestamps: true, collection: 'memberships', versionKey: false },
);
membershipSchema.index({ courseId: 1, personId: 1 }, { unique: true });
membershipSchema.index({ personId: 1 });
membershipSchema.index({ createdAt: 1 });
membershipSchema.index({ leftAt: 1 });

/** Moodle's roster calls a non-editing teacher a learner, and nothing in it tells one from a student. */
const assistsUnlaunched = ({ assists, launched, role }: MembershipRow): boolean =>
  assists === true && launched === false && !atLeast(role, 'assistant');

export const membershipOf = (row: MembershipRow): Membership => ({
  courseId: row.courseId,
  personId: row.personId,
  role: assistsUnlaunched(row) ? 'assistant' : row.role,
  rosterRole: row.rosterRole ?? null,
  centreRole: row.centreRole ?? null,
  onTrial:
    row.role === 'student' &&
    (row.rosterRole === undefined ? row.trialSince !== undefined : atLeast(row.rosterRole, 'assistant')),
  leftAt: row.leftAt ?? null,
  launched: row.launched ?? true,
  groups: row.groups ?? [],
});

/** Their order means nothing. */
export const sameGroups = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id));

export const membershipsModel = (connection: Connection) =>
  modelOf(connection, 'Membership', membershipSchema);
