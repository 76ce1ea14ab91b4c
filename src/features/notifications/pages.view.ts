import type { Translate } from '../../i18n/index.js';
import { viewModel } from '../../web/views.js';
import type { LinkOffer } from './channels/linking.service.js';
import { preferenceFields } from './preferences/preferences.fields.js';
import type { OwnChannel } from './preferences/preferences.service.js';

/* What the templates of notifications print beyond their data. */

interface PreferencesGiven {
  readonly t: Translate;
  readonly zone: string;
  readonly zoneOptions: (own: string) => [string, string][];
  readonly values: Readonly<Record<string, string | string[]>>;
  readonly channels: readonly OwnChannel[];
  readonly offers: readonly LinkOffer[];
  readonly columns: readonly string[];
}

viewModel<PreferencesGiven>(
  'notifications/preferences',
  ({ t, values, zone, zoneOptions, channels, offers, columns }) => ({
    width: columns.length + 1,
    controls: preferenceFields
      .controls({
        t,
        values,
        choices: { zone: [['', t('notifications.preferences.zoneCentre')], ...zoneOptions(zone)] },
      })
      .map((control) => (control.name === 'zone' ? { ...control, required: false } : control)),
    ownChannels: channels.map((channel) => {
      const offer = offers.find((candidate) => candidate.channel === channel.name);
      const unlinks = channel.name === 'mail' ? channel.state === 'broken' : channel.state !== 'off';
      return { ...channel, unlinks, url: offer?.url ?? '', code: offer?.code ?? '' };
    }),
    mailBroken: channels.some(({ name, state }) => name === 'mail' && state === 'broken'),
    sms: offers.some(({ channel }) => channel === 'sms'),
  }),
);
