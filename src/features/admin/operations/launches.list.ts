import type { Column } from '../../../infra/export/index.js';
import {
  choiceFilter,
  defineList,
  rangeFilter,
  recordFilter,
  textFilter,
} from '../../../infra/lists/index.js';
import { platformName, type Registration } from '../../../lti/index.js';
import { errorWords } from '../../../web/error-handler.js';
import { MAX_PAGES, type LoggedLaunch } from '../../launch/index.js';

/** The last launches, newest first. */
export const launchesList = defineList({
  filters: {
    platform: recordFilter({ label: 'admin.launches.platform', any: 'admin.launches.anyPlatform' }),
    result: choiceFilter({
      label: 'admin.launches.result',
      any: 'admin.launches.any',
      choices: ['accepted', 'refused'],
      text: (result) => `admin.launches.${result}`,
    }),
    request: textFilter({ label: 'admin.launches.request', most: 40 }),
    at: rangeFilter({ label: 'admin.launches.at' }),
  },
  size: 50,
  mostPages: MAX_PAGES,
});

/** Columns of the log's file. It holds no names and no tokens, as the log itself. */
export function launchColumns(platforms: readonly Registration[]): readonly Column<LoggedLaunch>[] {
  const names = new Map(platforms.map((platform) => [platform.id, platformName(platform)]));
  return [
    { key: 'at', heading: 'admin.launches.at', kind: 'date', value: ({ at }) => at },
    {
      key: 'platform',
      heading: 'admin.launches.platform',
      kind: 'text',
      value: ({ registrationId }, { t }) => names.get(registrationId) ?? t('admin.launches.unknownPlatform'),
    },
    {
      key: 'message',
      heading: 'admin.launches.message',
      kind: 'text',
      value: ({ messageType, stage }, { t }) => messageType || t(`admin.launches.stage.${stage}`),
    },
    {
      key: 'result',
      heading: 'admin.launches.result',
      kind: 'text',
      value: ({ accepted }, { t }) => t(`admin.launches.${accepted ? 'accepted' : 'refused'}`),
    },
    {
      key: 'code',
      heading: 'admin.launches.code',
      kind: 'text',
      value: ({ code }) => code,
    },
    {
      key: 'reason',
      heading: 'admin.launches.reason',
      kind: 'text',
      value: ({ accepted, code }, reader) => (accepted ? null : errorWords(reader, code).title),
    },
    {
      key: 'deployment',
      heading: 'admin.launches.deployment',
      kind: 'text',
      value: ({ deployment }) => deployment,
    },
    {
      key: 'milliseconds',
      heading: 'admin.launches.tookMs',
      kind: 'number',
      value: ({ milliseconds }) => milliseconds,
    },
    {
      key: 'request',
      heading: 'admin.launches.request',
      kind: 'text',
      value: ({ requestId }) => requestId,
    },
  ];
}
