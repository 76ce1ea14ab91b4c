import type { Locale } from '../../i18n/index.js';
import type { FailedJob, Jobs } from '../../infra/jobs/index.js';
import { isMailAddress, MailError, type Mail } from '../../infra/mail/index.js';
import type { Clock } from '../../shared/clock.js';
import { badInput, conflict, notFound } from '../../shared/errors.js';
import { newToken } from '../../shared/ids.js';
import type { AddressesStore, ChannelAddress } from './channels/addresses.store.js';
import { ChannelError } from './channels/channel-error.js';
import {
  CHANNELS,
  MESSENGERS,
  type Channel,
  type ChannelName,
  type MessengerName,
} from './channels/channel.js';
import type { Polling } from './channels/polling.jobs.js';
import type { ChannelEdit, ChannelSettings, ChannelSettingsStore } from './channels/settings.store.js';
import type { ListedItem, NotificationKind } from './kinds/kind.js';
import { deliveryName } from './sending/deliver.jobs.js';
import { unknownVariables } from './sending/template.js';
import { builtIn, COMMON_VARIABLES, createWording, type Words } from './sending/words.service.js';
import type { TemplatesStore } from './templates/templates.store.js';

export interface ChannelOverview {
  readonly name: ChannelName;
  readonly enabled: boolean;
  readonly content: 'full' | 'notice';
  readonly foreign: boolean;
}

export interface FailedDelivery extends FailedJob {
  readonly channel: ChannelName;
}

export interface TemplatePage {
  readonly kind: NotificationKind;
  readonly locale: Locale;
  readonly words: Words;
  readonly changed: boolean;
  readonly variables: readonly string[];
  /** With the sample's data. */
  readonly preview: Words;
}

/** What an administrator sees and sets of messages. */
export interface NotificationsAdministration {
  overview(): Promise<{
    readonly channels: readonly ChannelOverview[];
    readonly failed: readonly FailedDelivery[];
    /** Mailboxes that take nothing any more, the latest first. */
    readonly bounced: readonly Pick<ChannelAddress, 'personId' | 'reason' | 'brokenAt'>[];
  }>;
  /** Makes a message due that was given up. @throws DomainError `not-found` */
  resend(id: string): Promise<void>;
  channel(
    name: MessengerName,
  ): Promise<{ readonly channel: Channel; readonly settings: ChannelSettings; readonly webhookUrl: string }>;
  /** @throws DomainError `settings-stale` (409), `bad-input` */
  saveChannel(name: MessengerName, version: number, edit: ChannelEdit): Promise<void>;
  /** Asks the provider. Returns how it calls us, or its own words of why not. */
  testChannel(name: MessengerName): Promise<{ readonly ok: boolean; readonly words: string }>;
  /** Tells the provider where our webhook is. */
  connectWebhook(name: MessengerName): Promise<{ readonly ok: boolean; readonly words: string }>;
  templates(): Promise<{ readonly kinds: readonly NotificationKind[]; readonly changed: readonly string[] }>;
  /** @param draft shown instead of what is saved. @throws DomainError `not-found` */
  template(kind: string, locale: Locale, draft?: Words): Promise<TemplatePage>;
  /** @throws DomainError `bad-input` naming the field with a variable that does not exist */
  saveTemplate(kind: string, locale: Locale, words: Words): Promise<void>;
  resetTemplate(kind: string, locale: Locale): Promise<void>;
  /** Mails the template with the sample's data. @throws DomainError `bad-input`, `mail-refused` (409) */
  sendTest(kind: string, locale: Locale, address: string): Promise<void>;
}

export interface AdministrationDeps {
  readonly settings: ChannelSettingsStore;
  readonly channelOf: (name: string) => Channel | null;
  readonly jobs: Pick<Jobs, 'listFailed' | 'retry'>;
  readonly polling: Polling;
  readonly addresses: Pick<AddressesStore, 'listBroken'>;
  readonly templates: TemplatesStore;
  readonly kinds: () => readonly NotificationKind[];
  readonly mail: Mail;
  readonly publicUrl: string;
  /** The centre's own. */
  readonly zone: () => Promise<string>;
  readonly clock: Clock;
}

const MOST_FAILED = 50;

export function createAdministration(deps: AdministrationDeps): NotificationsAdministration {
  const { settings, jobs, mail, clock } = deps;

  function known(name: string): Channel {
    const channel = deps.channelOf(name);
    if (channel === null) throw notFound();
    return channel;
  }
  const webhookUrl = (name: string): string => `${deps.publicUrl}/hooks/${name}`;

  const attempt = async (call: () => Promise<string>): Promise<{ ok: boolean; words: string }> => {
    try {
      return { ok: true, words: await call() };
    } catch (error) {
      if (error instanceof ChannelError) return { ok: false, words: error.message };
      throw error;
    }
  };

  return {
    async overview() {
      const all = await Promise.all(MESSENGERS.map((name) => settings.find(name)));
      const failed = await Promise.all(
        CHANNELS.map(async (channel) =>
          (await jobs.listFailed({ name: deliveryName(channel), limit: MOST_FAILED })).map((job) => ({
            ...job,
            channel,
          })),
        ),
      );
      return {
        channels: all.map(({ name, enabled, content }) => ({
          name,
          enabled,
          content,
          foreign: known(name).foreign,
        })),
        failed: failed.flat(),
        bounced: await deps.addresses.listBroken('mail', MOST_FAILED),
      };
    },

    async resend(id) {
      if (!(await jobs.retry(id))) throw notFound();
    },

    channel: async (name) => ({
      channel: known(name),
      settings: await settings.find(name),
      webhookUrl: webhookUrl(name),
    }),

    async saveChannel(name, version, edit) {
      const channel = known(name);
      const { secretsSet } = await settings.find(name);
      const refused = refusedFields(channel, secretsSet, edit);
      if (Object.keys(refused).length > 0) throw badInput(refused);
      const needsSecret =
        channel.fields.some(({ name: field }) => field === 'webhookSecret') &&
        !secretsSet.includes('webhookSecret') &&
        !edit.secrets.webhookSecret;
      const secrets = needsSecret ? { ...edit.secrets, webhookSecret: newToken() } : edit.secrets;
      if (!(await settings.save(name, version, { ...edit, secrets }))) throw conflict('settings-stale');
      await deps.polling.begin(name);
    },

    async testChannel(name) {
      const { config } = await settings.find(name);
      return attempt(() => known(name).test(config));
    },

    async connectWebhook(name) {
      const { config } = await settings.find(name);
      return attempt(async () => {
        await known(name).subscribe?.(config, webhookUrl(name));
        return webhookUrl(name);
      });
    },

    ...templatesPart(deps, async (kind, locale, address) => {
      const { preview } = await kind(locale);
      if (!isMailAddress(address)) throw badInput({ address: 'errors.field.wrong' });
      const recipient = { personId: '', name: '', salutation: '', address, locale };
      const content = { subject: preview.subject, paragraphs: preview.text.split('\n\n') };
      try {
        await mail.deliver(
          await mail.compose({ key: `test:${newToken()}`, at: clock.now(), recipient, content }),
        );
      } catch (error) {
        if (error instanceof MailError) throw conflict('mail-refused');
        throw error;
      }
    }),
  };
}

/** Returns what is missing in a channel that is switched on, and choices that do not exist. */
function refusedFields(
  { fields }: Pick<Channel, 'fields'>,
  secretsSet: readonly string[],
  { enabled, values, secrets }: ChannelEdit,
): Record<string, string> {
  const refused = fields.flatMap(({ name, required, secret, choices }) => {
    const value = (secret === true ? secrets[name] : values[name]) ?? '';
    const kept = secret === true && secretsSet.includes(name);
    if (enabled && required === true && value === '' && !kept) return [[name, 'errors.field.missing']];
    const odd = choices !== undefined && value !== '' && !choices.includes(value);
    return odd ? [[name, 'errors.field.wrong']] : [];
  });
  return Object.fromEntries(refused) as Record<string, string>;
}

type SendTest = (
  page: (locale: Locale) => Promise<TemplatePage>,
  locale: Locale,
  address: string,
) => Promise<void>;

type Templates = Pick<
  NotificationsAdministration,
  'templates' | 'template' | 'saveTemplate' | 'resetTemplate' | 'sendTest'
>;

function templatesPart(
  { templates, kinds, zone }: Pick<AdministrationDeps, 'templates' | 'kinds' | 'zone'>,
  sendTest: SendTest,
): Templates {
  function kindOf(name: string): NotificationKind {
    const kind = kinds().find((candidate) => candidate.name === name);
    if (kind === undefined) throw notFound();
    return kind;
  }
  const variablesOf = ({ sample }: NotificationKind): string[] => [
    ...Object.keys(sample),
    ...COMMON_VARIABLES,
  ];

  async function template(name: string, locale: Locale, draft?: Words): Promise<TemplatePage> {
    const kind = kindOf(name);
    const saved = await templates.find(name, locale);
    const words = draft ?? saved ?? builtIn(name, locale);
    const writer = { find: () => Promise.resolve(words) };
    const preview = await createWording(writer).write(
      kind,
      { values: kind.sample, items: kind.name === 'daily-list' ? SAMPLE_ITEMS : [] },
      { locale, zone: await zone() },
      { course: 'Алгебра, 9 класс', recipient: SAMPLE_PERSON },
    );
    return { kind, locale, words, changed: saved !== null, variables: variablesOf(kind), preview };
  }

  return {
    async templates() {
      const changed = await templates.list();
      return { kinds: kinds(), changed: changed.map(({ kind, locale }) => `${kind}:${locale}`) };
    },
    template,
    async saveTemplate(name, locale, words) {
      const variables = variablesOf(kindOf(name));
      const wrong = (['subject', 'text'] as const).filter(
        (field) => unknownVariables(words[field], variables).length > 0,
      );
      if (wrong.length > 0)
        throw badInput(Object.fromEntries(wrong.map((field) => [field, 'errors.field.unknownVariable'])));
      await templates.save({ kind: name, locale, ...words });
    },
    async resetTemplate(name, locale) {
      await templates.remove(kindOf(name).name, locale);
    },
    sendTest: (name, locale, address) => sendTest((chosen) => template(name, chosen), locale, address),
  };
}

const SAMPLE_PERSON = { surname: 'Ёлкин', givenName: 'Семён', patronymic: 'Аркадьевич' };
const SAMPLE_ITEMS: readonly ListedItem[] = [
  {
    startsAt: new Date('2026-12-01T12:00:00Z'),
    endsAt: new Date('2026-12-01T12:20:00Z'),
    title: 'Алгебра: вопросы по домашней работе',
    detail: 'Соколова А. И. · Кабинет 214',
  },
];
