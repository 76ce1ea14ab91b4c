/** What a tool on plain ltijs would keep: people, courses, memberships, and what its front page lists. */
import mongoose, { Schema } from 'mongoose';

const person = new Schema({ issuer: String, sub: String, name: String, email: String });
person.index({ issuer: 1, sub: 1 }, { unique: true });
const course = new Schema({ issuer: String, deployment: String, context: String, title: String });
course.index({ issuer: 1, deployment: 1, context: 1 }, { unique: true });
const membership = new Schema({ course: String, person: String, role: String });
membership.index({ course: 1, person: 1 }, { unique: true });
const booking = new Schema({ person: String, title: String, startsAt: Date, endsAt: Date });
booking.index({ person: 1, endsAt: 1 });
const test = new Schema({ course: String, title: String, published: Boolean, closesAt: Date });
test.index({ course: 1, published: 1 });
const attempt = new Schema({ test: String, person: String, finishedAt: Date });
attempt.index({ person: 1, test: 1 });

const Person = mongoose.model('PeerPerson', person);
const Course = mongoose.model('PeerCourse', course);
const Membership = mongoose.model('PeerMembership', membership);
const Booking = mongoose.model('PeerBooking', booking);
const Test = mongoose.model('PeerTest', test);
const Attempt = mongoose.model('PeerAttempt', attempt);

/** What ltijs hands to a tool, as far as it is used here. */
export interface LtijsToken {
  readonly iss: string;
  readonly user: string;
  readonly deploymentId: string;
  readonly userInfo: { readonly name?: string; readonly email?: string };
  readonly platformContext: {
    readonly context: { readonly id: string; readonly title?: string };
    readonly roles: readonly string[];
  };
}

export interface Member {
  readonly personId: string;
  readonly courseId: string;
  readonly courseTitle: string;
  readonly name: string;
  readonly role: string;
}

export async function buildIndexes(): Promise<void> {
  for (const model of [Person, Course, Membership, Booking, Test, Attempt]) await model.init();
}

/** Keeps who came where, and writes only what has changed. */
export async function keepMember(token: LtijsToken): Promise<Member> {
  const { name = '', email = '' } = token.userInfo;
  const { context, roles } = token.platformContext;
  const title = context.title ?? '';
  const role = roles.some((uri) => uri.endsWith('#Instructor')) ? 'teacher' : 'student';
  const byPerson = { issuer: token.iss, sub: token.user };
  const byCourse = { issuer: token.iss, deployment: token.deploymentId, context: context.id };
  let [personRow, courseRow] = await Promise.all([
    Person.findOne(byPerson).lean(),
    Course.findOne(byCourse).lean(),
  ]);
  if (personRow?.name !== name || personRow.email !== email)
    personRow = await Person.findOneAndUpdate(byPerson, { name, email }, UPSERT).lean();
  if (courseRow?.title !== title)
    courseRow = await Course.findOneAndUpdate(byCourse, { title }, UPSERT).lean();
  const [personId, courseId] = [String(personRow._id), String(courseRow._id)];
  const byMembership = { course: courseId, person: personId };
  const membershipRow = await Membership.findOne(byMembership).lean();
  if (membershipRow?.role !== role) await Membership.findOneAndUpdate(byMembership, { role }, UPSERT).lean();
  return { personId, courseId, courseTitle: title, name, role };
}

const UPSERT = { upsert: true, returnDocument: 'after' } as const;

/** What comes next for a student: bookings, and tests without a finished attempt. */
export async function nextFor({ personId, courseId }: Member) {
  const now = new Date();
  const [bookings, tests, attempts] = await Promise.all([
    Booking.find({ person: personId, endsAt: { $gt: now } })
      .sort({ endsAt: 1 })
      .limit(5)
      .lean(),
    Test.find({ course: courseId, published: true }).lean(),
    Attempt.find({ person: personId }).lean(),
  ]);
  const finished = new Set(attempts.filter((row) => row.finishedAt).map((row) => row.test));
  return { bookings, tests: tests.filter((row) => !finished.has(String(row._id))).slice(0, 5) };
}
