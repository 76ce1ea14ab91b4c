import './pages.view.js';
import { Router, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type * as Telephones from 'libphonenumber-js';
import type { Locale } from '../../i18n/index.js';
import type { Events } from '../../infra/events/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import { isMailAddress, type Mail } from '../../infra/mail/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { minutesBefore } from '../../shared/hours-before.js';
import { lazyPackage } from '../../shared/lazy-package.js';
import type { PersonalData } from '../../shared/personal-data.js';
import { createMemo } from '../../shared/memo.js';
import { signingKey, type Sealer } from '../../shared/sealing.js';
import type { Storage } from '../../storage/index.js';
import type { AssessmentsFeature } from '../assessments/index.js';
import type { ConsultationsFeature } from '../consultations/index.js';
import type { DirectoryFeature, Organisation } from '../directory/index.js';
import type { GradebookFeature } from '../gradebook/index.js';
import type { MembershipFeature } from '../membership/index.js';
import type { ToldClasses } from '../timetable/index.js';
import { createActions, type ActionHandler } from './actions/actions.service.js';
import { createAdministration, type NotificationsAdministration } from './administration.service.js';
import { createAlarms, type Alarms } from './alarms.jobs.js';
import { bouncesRouter } from './channels/bounces.routes.js';
import { channelOf, channels } from './channels/index.js';
import { createAnswerLimit } from './channels/answer-limit.js';
import { createBot } from './channels/bot.service.js';
import { createLinking } from './channels/linking.service.js';
import { addPollingJobs } from './channels/polling.jobs.js';
import { createPushSender } from './channels/push.js';
import { webhooksRouter } from './channels/webhooks.routes.js';
import { createParents } from './contacts/parents.service.js';
import { bookingActions } from './kinds/booking-actions.js';
import { createDigests } from './digest/digest.service.js';
import { createKinds, type KindsDeps } from './kinds/index.js';
import type { NotificationKind, Notifier } from './kinds/kind.js';
import { questionAnswerAction, type QuestionAnswerDeps } from './kinds/question-answer.action.js';
import { createKindRegistry } from './kinds/registry.js';
import { listRouter, unreadMark } from './list/list.routes.js';
import { createNotificationList, type ShownNotification } from './list/list.service.js';
import { openRouter } from './open.routes.js';
import { notificationsPersonalData } from './personal-data.js';
import { preferencesRouter } from './preferences/preferences.routes.js';
import type { Preferences } from './preferences/preferences.store.js';
import { createPreferencesService } from './preferences/preferences.service.js';
import { unsubscribeTokens } from './preferences/unsubscribe.js';
import { addScheduleJobs } from './schedule/schedule.jobs.js';
import { addDeliverJobs, type Deliveries } from './sending/deliver.jobs.js';
import { withCards } from './sending/card-recipients.js';
import { createDispatcher } from './sending/dispatch.service.js';
import { createRecipients } from './sending/recipients.service.js';
import { createMailSender } from './sending/mail-sender.js';
import { createSender } from './sending/sender.service.js';
import type { Writing } from './sending/template.js';
import { createWording, type NameCasesOf } from './sending/words.service.js';
import { createWriter } from './sending/writer.service.js';
import { createNotificationStores } from './stores.js';

export type { NotificationsAdministration, TemplatePage } from './administration.service.js';
export type { Alarm, Alarms } from './alarms.jobs.js';
export type { ActionHandler } from './actions/actions.service.js';
export { MESSENGERS, type MessengerName } from './channels/channel.js';
export { NOTIFICATIONS_SEALED } from './channels/settings.store.js';
export { on, type Description, type NotificationKind, type Notifier, type Occurrence } from './kinds/kind.js';
export type { ShownNotification } from './list/list.service.js';

export interface NotificationsDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Pick<Events, 'subscribe'>;
  readonly jobs: Jobs;
  readonly mail: Mail;
  readonly questions: KindsDeps['questions'] & QuestionAnswerDeps['questions'];
  readonly organisation: Pick<Organisation, 'findHolder'>;
  readonly newMaterials: DirectoryFeature['newMaterials'];
  readonly mailings: DirectoryFeature['mailings'];
  readonly nameCasesOf: NameCasesOf;
  readonly classes: ToldClasses;
  readonly sealer: Sealer;
  readonly secret: string;
  readonly publicUrl: string;
  readonly allowPrivateNetwork: boolean;
  readonly consultations: Pick<ConsultationsFeature, 'told' | 'bookings' | 'findMessage'>;
  readonly assessments: Pick<AssessmentsFeature, 'told' | 'findMessage'>;
  readonly grades: Pick<GradebookFeature, 'findScore' | 'findFailedScore'>;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses' | 'changes'>;
  /** The centre's own settings. */
  readonly centre: () => Promise<{
    readonly locale: Locale;
    readonly zone: string;
    readonly reminderHours: string;
    readonly classReminderHours: string;
    readonly alarmAddresses: string;
  }>;
  readonly centreName: () => Promise<string>;
}

/** What happens without a person's doing reaches that person: in a list on our pages, and by the channels they use. */
export interface NotificationsFeature {
  /** `/c/:courseKey/notifications` */
  readonly router: Router;
  /** Counts what the actor has not read, for every page of a course. */
  readonly unreadMark: RequestHandler;
  /** `/act`, `/unsubscribe`, `/parents`: pages that links of messages lead to. */
  readonly openRouter: Router;
  /** `/hooks`: requests of messengers. */
  readonly webhooks: Router;
  /** What the actor has not read in the course, the newest first. */
  listUnread(actor: Actor, limit: number, writing: Writing): Promise<ShownNotification[]>;
  /** Adds a kind of message, for a feature that is built later; its events are subscribed to. */
  add(kind: NotificationKind): void;
  /** Adds what a button of messages does. */
  addAction(handler: ActionHandler): void;
  readonly notifier: Notifier;
  /** For seeds: the page of the person does it otherwise. */
  savePreferences(personId: string, preferences: Partial<Preferences>): Promise<void>;
  readonly kinds: () => readonly NotificationKind[];
  readonly alarms: Alarms;
  readonly administration: NotificationsAdministration;
  readonly personalData: PersonalData;
}

export function createNotifications(deps: NotificationsDeps): NotificationsFeature {
  const { storage, clock, log, events, jobs, mail, sealer, publicUrl, membership, centre } = deps;
  const stores = createNotificationStores(storage.connection, sealer, channels);
  const mailOn = mail.mode !== 'off';
  const findAddressees = withCards(
    (ids) => membership.people.findMany(ids, { present: true }),
    deps.organisation,
  );
  const recipients = createRecipients({
    ...stores,
    findAddressees,
    centre,
    mayMail: isMailAddress,
    clock,
  });
  const kinds = createKinds({
    ...deps,
    zoneOf: async (id) => (await recipients.find(id))?.zone ?? (await centre()).zone,
    now: () => clock.now(),
  });
  const registry = createKindRegistry(events, () => notifier);
  const findKind = (name: string) => registry.find(name);
  const wording = createWording(stores.templates, deps.nameCasesOf);
  const actions = createActions({ ...stores, clock, key: signingKey(deps.secret, 'actions') });
  const push = createPushSender({ ...stores, publicUrl, allowPrivateNetwork: deps.allowPrivateNetwork });
  const unsubscribe = unsubscribeTokens(sealer);
  // A course's messages come together.
  const courses = createMemo((id) => membership.courses.findOptional(id), { forMs: 5_000, most: 1_000 });
  const findCourse = (id: string) => (id === '' ? Promise.resolve(null) : courses.get(id));
  const writer = createWriter({ wording, actions, findCourse, publicUrl });
  const mailSender = createMailSender({
    ...{ ...stores, mail, wording, writer, unsubscribe, findCourse, publicUrl },
  });
  const sender = createSender({
    ...{ ...stores, writer, mailSender, channelOf, push, publicUrl },
    centreName: deps.centreName,
  });
  const deliveries: Deliveries = addDeliverJobs({
    ...stores,
    jobs,
    clock,
    findKind,
    recipients,
    sender,
    mailOn,
  });
  const notifier: Notifier = createDispatcher({
    ...stores,
    recipients,
    digests: createDigests({ ...stores, jobs, recipients, findKind, mailSender, clock }),
    mailOn,
    clock,
    enqueue: (channel, payloads) => jobs.enqueueManyOnce(deliveries[channel], payloads),
  });

  for (const kind of kinds.all) registry.add(kind);
  for (const scheduled of kinds.scheduled) scheduled.schedule(jobs, notifier);
  addScheduleJobs({
    ...{ jobs, clock, notifier, recipients, classes: deps.classes },
    ...{ reminders: kinds.reminders, classReminders: kinds.classReminders, daily: kinds.daily },
    told: deps.consultations.told,
    offsets: async () => minutesBefore((await centre()).reminderHours),
    classOffsets: async () => minutesBefore((await centre()).classReminderHours),
  });
  for (const handler of bookingActions({ ...deps, notifier, findKind, clock })) actions.define(handler);
  actions.define(questionAnswerAction(deps));

  const mayAnswer = createAnswerLimit(clock);
  const linking = createLinking({ ...stores, channelOf, mayAnswer, clock, telephoneOf });
  const bot = createBot({
    ...{ ...stores, channelOf, actions, mayAnswer, clock, log },
    localeOf: async (personId) =>
      (personId === null ? null : await recipients.find(personId))?.locale ?? (await centre()).locale,
  });
  const polling = addPollingJobs({ ...stores, jobs, channelOf, bot });
  const parents = createParents({
    ...{ ...stores, jobs, mail, sealer, publicUrl, linking, clock },
    enabledMessengers: () => recipients.enabledMessengers(),
    findPerson: (id) => membership.people.findPresent(id),
  });
  const preferences = createPreferencesService({
    ...{ ...stores, recipients, linking, push, mailOn, clock },
    preferences: stores.preferences,
    kinds: () => registry.all(),
  });
  const list = createNotificationList({ ...stores, findKind, wording, clock });

  return {
    router: Router({ mergeParams: true }).use(
      Router({ mergeParams: true }).use('/preferences', preferencesRouter({ preferences, linking, parents })),
      listRouter(list),
    ),
    unreadMark: unreadMark(list),
    openRouter: openRouter({ actions, parents, preferences, unsubscribe }),
    webhooks: Router()
      .use(
        '/mail',
        bouncesRouter({
          ...{ ...stores, mail, clock, log },
          emailOf: async (id) => (await findAddressees([id])).get(id)?.email ?? '',
        }),
      )
      .use(webhooksRouter(bot)),
    listUnread: (actor, limit, writing) => list.listUnread(actor, limit, writing),
    add: (kind) => registry.add(kind),
    addAction: (handler) => actions.define(handler),
    notifier,
    savePreferences: (id, chosen) => stores.preferences.save(id, chosen, clock.now()),
    kinds: () => registry.all(),
    alarms: createAlarms({ jobs, mail, wording, centre, publicUrl }),
    administration: createAdministration({
      ...{ ...stores, channelOf, jobs, mail, publicUrl, clock, polling, kinds: () => registry.all() },
      zone: async () => (await centre()).zone,
    }),
    personalData: notificationsPersonalData(stores),
  };
}

const telephones = lazyPackage<typeof Telephones>('libphonenumber-js');

function telephoneOf(text: string): string | null {
  const parsed = telephones().parsePhoneNumberFromString(text, 'RU');
  return parsed?.isValid() ? parsed.number : null;
}
