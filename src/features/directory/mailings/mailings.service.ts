import type { Events } from '../../../infra/events/index.js';
import type { Jobs } from '../../../infra/jobs/index.js';
import { isMailAddress } from '../../../infra/mail/index.js';
import type { Actor } from '../../../shared/actor.js';
import { DAY, type Clock } from '../../../shared/clock.js';
import { badInput, conflict, forbidden } from '../../../shared/errors.js';
import type { MembershipFeature } from '../../membership/index.js';
import type { Card } from '../cards/card.js';
import type { CardsService } from '../cards/cards.service.js';
import { mayHaveCard } from '../directory.policy.js';
import type { Material } from '../materials/material.js';
import type { MaterialsService } from '../materials/materials.service.js';
import type { MailingsStore } from './mailings.store.js';
import { studentsOf } from './students.js';

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

/** Contacts and materials of a teacher's own card, or words alone, sent to a course or a group. */
export interface MailingsService {
  /** @throws DomainError `forbidden` for those without a card; `mail-off` (409) */
  choices(actor: Actor): Promise<MailingChoices>;
  /** Whether the actor can send: has a card, and mail leaves. */
  mayWrite(actor: Actor): Promise<boolean>;
  /**
   * Has each student told in the background, by the event `mailing.sent`. Sent twice, the form sends once.
   * @throws DomainError `bad-input` on `group`, `materials`; 409 `mailing-often`, `mail-off`
   */
  send(actor: Actor, input: MailingInput): Promise<void>;
}

export interface MailingsDeps {
  readonly mailings: MailingsStore;
  readonly cards: Pick<CardsService, 'ownOptional'>;
  readonly materials: Pick<MaterialsService, 'listOfCard'>;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses' | 'groupsOf'>;
  readonly events: Pick<Events, 'watch'>;
  readonly jobs: Pick<Jobs, 'schedule'>;
  /** Whether mail leaves at all. */
  readonly mailIsOn: boolean;
  readonly clock: Clock;
}

/** A course is not written to more often. */
const MOST_A_DAY = 10;

export function createMailings(deps: MailingsDeps): MailingsService {
  const { mailings, cards, materials, membership, events, clock } = deps;
  events.watch(mailings.model);
  // No index ends them by age: what has not told yet must stay.
  deps.jobs.schedule({
    name: 'forget-mailings',
    cron: '50 2 * * *',
    run: () => mailings.forgetOld(clock.now()),
  });

  async function ownCard(actor: Actor): Promise<Card> {
    if (!deps.mailIsOn) throw conflict('mail-off');
    const card = mayHaveCard(actor) ? await cards.ownOptional(actor) : null;
    if (card === null) throw forbidden();
    return card;
  }

  return {
    mayWrite: async (actor) =>
      deps.mailIsOn && mayHaveCard(actor) && (await cards.ownOptional(actor)) !== null,

    async choices(actor) {
      const card = await ownCard(actor);
      const ids = await studentsOf(membership.courses, { courseId: actor.courseId, groupId: '' });
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
      await mailings.insert(`${by}:${key}`, { ...input, cardId: card.id, courseId, groupId: group, by, at });
    },
  };
}
