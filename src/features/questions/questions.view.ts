import type { FileRecord } from '../../infra/files/index.js';
import type { Actor } from '../../shared/actor.js';
import { fullName, shortName } from '../../shared/names.js';
import { richLine, richText } from '../../web/rich-text.js';
import type { FaqEntry } from './faq/faq.store.js';
import { isOverdue, type Named, type Question } from './question.js';
import type { ShownQuestion } from './questions-reading.service.js';

/** How a state is coloured; a closed question needs no look. */
const TONES: Readonly<Record<string, string>> = {
  new: 'wait',
  taken: 'wait',
  reopened: 'wait',
  answered: 'good',
  closed: '',
};

const nameOf = (person: Named | null | undefined): string => (person ? fullName(person.name) : '');

/** A question as a row of a list. */
export const questionRow = ({ question, student, teacher }: ShownQuestion, actor: Actor, now: Date) => ({
  id: question.id,
  subject: question.subject,
  subjectHtml: richLine(question.subject),
  state: question.state,
  to: question.to.kind,
  student: nameOf(student),
  teacher: teacher ? shortName(teacher.name) : '',
  askedAt: question.askedAt,
  lastAt: question.lastAt,
  dueAt: question.dueAt,
  overdue: isOverdue(question, now),
  tone: TONES[question.state],
  escalation: question.escalation,
  unread: !question.readBy.includes(actor.personId),
  messages: question.messages.length,
});
export type QuestionRowView = ReturnType<typeof questionRow>;

const fileView = ({ id, name, type, size }: FileRecord) => ({
  id,
  name,
  picture: /^image\/(jpeg|png|webp|gif)$/.test(type),
  kilobytes: Math.max(1, Math.round(size / 1024)),
});

/** The messages of a question. */
export function threadView(
  question: Question,
  people: ReadonlyMap<string, Named>,
  files: readonly FileRecord[],
) {
  const byId = new Map(files.map((file) => [file.id, file]));
  return question.messages.map(({ id, authorId, authorName, side, text, files: fileIds, at }) => ({
    id,
    authorId,
    author: nameOf(people.get(authorId)) || (authorName ?? ''),
    side,
    text,
    html: richText(text),
    files: fileIds.flatMap((fileId) => {
      const file = byId.get(fileId);
      return file ? [fileView(file)] : [];
    }),
    at,
  }));
}

export interface ThreadParts {
  readonly question: Question;
  readonly people: ReadonlyMap<string, Named>;
  readonly files: readonly FileRecord[];
  /** Title of the association that it is for; ''. */
  readonly association: string;
}

/** A question with all its messages. */
export function questionView({ question, people, files, association }: ThreadParts, actor: Actor, now: Date) {
  return {
    ...questionRow(
      {
        question,
        student: people.get(question.studentId) ?? null,
        teacher: people.get(question.takenBy || question.to.id) ?? null,
      },
      actor,
      now,
    ),
    association,
    consent: question.consent,
    slotId: question.slotId,
    own: question.studentId === actor.personId,
    takenByActor: question.takenBy === actor.personId,
    thread: threadView(question, people, files).map((message) => ({
      ...message,
      own: message.authorId === actor.personId,
    })),
  };
}

export const faqView = ({ id, questionId, question, answer, publishedAt, audience }: FaqEntry) => ({
  id,
  questionId,
  audience,
  publishedAt,
  question,
  answer,
  questionHtml: richText(question),
  answerHtml: richText(answer),
});

/** Choices of the form's select: those who teach the course, its teachers, associations. */
export function addresseeChoices(
  teachers: readonly Named[],
  associations: readonly { readonly id: string; readonly title: string }[],
) {
  return {
    teachers: teachers.map((person) => ({ value: `teacher:${person.id}`, name: fullName(person.name) })),
    associations: associations.map(({ id, title }) => ({ value: `association:${id}`, name: title })),
  };
}
