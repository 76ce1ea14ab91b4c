import type { ContentItem, ContentKind } from '../../shared/content.js';
import { shortName } from '../../shared/names.js';
import type { SeriesService } from './series.service.js';
import type { Series } from './series.store.js';
import type { Timetable } from './timetable.service.js';

/** `2026-10-05` as `05.10.2026`. */
const dotted = (date: string): string => date.split('-').reverse().join('.');

/** A series as the content of a link in the LMS. */
export function consultationsKind(service: SeriesService, timetable: Timetable): ContentKind {
  const item = async (series: Series): Promise<ContentItem> => {
    const teacher = await timetable.teacherOf(series);
    const { from, to } = series.pattern;
    const when = from === to ? dotted(from) : `${dotted(from)} – ${dotted(to)}`;
    return {
      id: series.id,
      title: series.title,
      hint: [when, teacher ? shortName(teacher.name) : ''].filter((part) => part !== '').join(' · '),
      ...(series.description !== '' && { description: series.description }),
    };
  };
  return {
    kind: 'consultations',
    label: 'consultations.kind',
    path: (id) => `consultations/${id}`,
    list: async ({ courseId }) => Promise.all((await service.active(courseId)).map(item)),
    createPath: 'consultations/new',
  };
}
