import type { Translate } from '../../../i18n/index.js';
import type { FormAgain } from '../../../web/form.js';
import type { NotificationsAdministration, TemplatePage } from '../../notifications/index.js';

type FoundChannel = Awaited<ReturnType<NotificationsAdministration['channel']>>;
type Failed = Awaited<ReturnType<NotificationsAdministration['overview']>>['failed'][number];

function fieldType(rows: number, secret: boolean): 'textarea' | 'password' | 'text' {
  if (rows > 0) return 'textarea';
  return secret ? 'password' : 'text';
}

interface FieldAbout {
  readonly choices: readonly string[];
  readonly usual: string;
  /** Whether a secret is stored. */
  readonly kept: boolean;
  /** As it is shown. */
  readonly value: string | readonly string[];
}

const hintOf = (t: Translate, { choices, usual, kept, value }: FieldAbout): string => {
  if (kept) return t('admin.notifications.secretSet');
  if (choices.length > 0) return t('admin.notifications.receiveHint');
  return usual === '' || usual === value ? '' : t('admin.notifications.usually', { value: usual });
};

/** A channel's form. Secrets are never shown: only whether there is one. */
export const channelView = (
  { channel, settings, webhookUrl }: FoundChannel,
  t: Translate,
  again?: FormAgain,
) => ({
  name: channel.name,
  foreign: channel.foreign,
  webhookUrl: channel.webhook === null ? '' : webhookUrl,
  connects: channel.subscribe !== undefined,
  polls: (again?.values.receive ?? settings.config.receive) === 'polling',
  enabled: again === undefined ? settings.enabled : again.values.enabled !== undefined,
  content: again?.values.content ?? settings.content,
  version: settings.version,
  stale: again?.errors.version !== undefined,
  errors: again?.errors ?? {},
  fields: channel.fields.map(
    ({ name, secret = false, required = false, usual = '', rows = 0, choices = [] }) => {
      const value = secret ? '' : (again?.values[name] ?? settings.config[name] ?? '');
      const kept = secret && settings.secretsSet.includes(name);
      return {
        name,
        type: choices.length > 0 ? 'select' : fieldType(rows, secret),
        choices,
        // One of several is always chosen.
        demanded: choices.length > 0 || (required && !kept),
        hint: hintOf(t, { choices, usual, kept, value }),
        secret,
        rows,
        value,
      };
    },
  ),
});

/** What was to be said, and the provider's own words; the person is not named. */
export const failedView = ({ id, key, channel, dueSince, attempts, error }: Failed) => ({
  id,
  channel,
  kind: key.split(':', 1)[0] ?? '',
  dueSince,
  attempts,
  error: error.replace(/[^\s<>"'(),;]+@[^\s<>"'(),;]+/g, '•••@•••'),
});

export const templateView = (
  { kind, locale, words, changed, variables, preview }: TemplatePage,
  again?: FormAgain,
) => ({
  kind: kind.name,
  to: kind.to,
  locale,
  changed,
  variables,
  preview: { subject: preview.subject, lines: preview.text.split('\n') },
  values: { ...words, ...again?.values },
  errors: again?.errors ?? {},
});
