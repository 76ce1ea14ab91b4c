import { z } from 'zod';
import { defineJob, type Jobs } from '../../../infra/jobs/index.js';
import { isMailAddress, type MailQueue } from '../../../infra/mail/index.js';
import type { Actor } from '../../../shared/actor.js';
import { DAY, type Clock } from '../../../shared/clock.js';
import { badInput, conflict, forbidden } from '../../../shared/errors.js';
import type { MembershipFeature } from '../../membership/index.js';
import type { Card } from '../cards/card.js';
import type { CardsService } from '../cards/cards.service.js';
import { mayHaveCard } from '../directory.policy.js';
import type { Material } from '../materials/material.js';
import type { MaterialsService } from '../materials/materials.service.js';
import { mailingTopic, type MailingTopicDeps } from './mailing.mail.js';
import type { MailingsStore } from './mailings.store.js';

export interface MailingInput {
  /** Of the form: sent twice, it is one mailing. */
  readonly key: string;
  /** '' for the whole course. */
  readonly group: string;
  readonly contacts: boolean;
  /** Keys of materials. */
  readonly materials: readonly string[];
  readonly note: string;
}

export interface MailingChoices {
  readonly card: Card;
  readonly materials: readonly Material[];
  readonly groups: readonly { readonly id: string; readonly name: string }[];
  /** Students of the course, and of them those with an address. */
  readonly students: number;
  readonly reachable: number;
}

/** Contacts and materials of a teacher's own card, sent to a course or a group by e-mail. */
export interface MailingsService {
  /** @throws DomainError `forbidden` for those without a card; `mail-off` (409) */
  choices(actor: Actor): Promise<MailingChoices>;
  /**
   * Has the letters written in the background, one to each student. Sent twice, the form sends once.
   * @throws DomainError `bad-input` on `group`, `materials`; 409 `mailing-often`, `mail-off`
   */
  send(actor: Actor, input: MailingInput): Promise<void>;
}

export interface MailingsDeps extends Omit<MailingTopicDeps, 'mailings'> {
  readonly mailings: MailingsStore;
  readonly cards: Pick<CardsService, 'ownOptional'>;
  readonly materials: Pick<MaterialsService, 'listOfCard'>;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses' | 'groupsOf'>;
  readonly jobs: Pick<Jobs, 'register' | 'enqueue'>;
  readonly mailQueue: MailQueue;
  /** Whether mail leaves at all. */
  readonly mailIsOn: boolean;
  readonly clock: Clock;
}

/** A course is not written to more often. */
const MOST_A_DAY = 10;

export function createMailings(deps: MailingsDeps): MailingsService {
  const { mailings, cards, materials, membership, mailQueue, clock } = deps;
  const topic = mailingTopic(deps);
  mailQueue.defineTopic(topic);

  const studentsOf = async (courseId: string, groupId: string): Promise<string[]> =>
    (await membership.courses.members(courseId))
      .filter(
        ({ leftAt, role, groups }) =>
          leftAt === null && role === 'student' && (groupId === '' || groups.includes(groupId)),
      )
      .map(({ personId }) => personId);

  const job = deps.jobs.register(
    defineJob({
      name: 'send-materials',
      payload: z.object({ mailingId: z.string() }),
      key: ({ mailingId }) => mailingId,
      // Run again after a crash, it enqueues each letter once: a letter is known by mailing and person.
      async run({ payload: { mailingId } }) {
        const mailing = await mailings.findOptional(mailingId);
        if (mailing === null) return;
        for (const personId of await studentsOf(mailing.courseId, mailing.groupId))
          await mailQueue.send(topic, `${mailingId}.${personId}`);
      },
    }),
  );

  async function ownCard(actor: Actor): Promise<Card> {
    if (!deps.mailIsOn) throw conflict('mail-off');
    const card = mayHaveCard(actor) ? await cards.ownOptional(actor) : null;
    if (card === null) throw forbidden();
    return card;
  }

  return {
    async choices(actor) {
      const card = await ownCard(actor);
      const ids = await studentsOf(actor.courseId, '');
      const people = await membership.people.findMany(ids);
      return {
        card,
        materials: await materials.listOfCard('student', card.id),
        groups: await membership.groupsOf(actor.courseId),
        students: ids.length,
        reachable: people.filter(({ email }) => isMailAddress(email)).length,
      };
    },

    async send(actor, { key, group, ...input }) {
      const card = await ownCard(actor);
      const [own, groups] = await Promise.all([
        materials.listOfCard('student', card.id),
        membership.groupsOf(actor.courseId),
      ]);
      if (group !== '' && !groups.some(({ id }) => id === group))
        throw badInput({ group: 'errors.field.wrong' });
      if (input.materials.some((wanted) => !own.some((material) => material.key === wanted)))
        throw badInput({ materials: 'errors.field.wrong' });
      if (!input.contacts && input.materials.length === 0 && input.note === '')
        throw badInput({ materials: 'errors.field.chooseOne' });
      const at = clock.now();
      if ((await mailings.countSince(actor.personId, new Date(at.getTime() - DAY))) >= MOST_A_DAY)
        throw conflict('mailing-often');
      const { courseId, personId: by } = actor;
      const id = await mailings.insert(`${by}:${key}`, {
        ...input,
        cardId: card.id,
        courseId,
        groupId: group,
        by,
        at,
      });
      if (id !== null) await deps.jobs.enqueue(job, { mailingId: id });
    },
  };
}
