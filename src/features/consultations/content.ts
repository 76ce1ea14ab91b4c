import type { ContentItem, ContentKind, Copies } from '../../shared/content.js';
import { shortName } from '../../shared/names.js';
import type { SeriesService } from './series/series.service.js';
import { isRecordId } from '../../shared/ids.js';
import type { Series, SeriesStore } from './series/series.store.js';
import type { Timetable } from './slots/slot-list.service.js';

/** `2026-10-05` as `05.10.2026`. */
const dotted = (date: string): string => date.split('-').reverse().join('.');

/** A series as the content of a link in the LMS. */
export function consultationsKind(
  service: SeriesService,
  timetable: Timetable,
  copies: Copies,
  store: Pick<SeriesStore, 'findOptional'>,
): ContentKind {
  const item = async (series: Series): Promise<ContentItem> => {
    const teacher = await timetable.teacherOf(series);
    const { from, to } = series.pattern;
    const draft = series.state === 'draft';
    const when = draft ? '' : from === to ? dotted(from) : `${dotted(from)} – ${dotted(to)}`;
    return {
      id: series.id,
      title: series.title,
      hint: [when, teacher ? shortName(teacher.name) : ''].filter((part) => part !== '').join(' · '),
      draft,
      ...(series.grading !== 'none' && { scoreMaximum: series.gradeMaximum }),
      ...(series.description !== '' && { description: series.description }),
    };
  };
  return {
    kind: 'consultations',
    label: 'consultations.kind',
    path: (id) => `consultations/${id}`,
    async list(actor) {
      const all = [...(await service.active(actor.courseId)), ...(await service.drafts(actor))];
      return Promise.all(all.map(item));
    },
    copies,
    async columnOf(courseId, id) {
      // Links name their content as they like.
      const found = isRecordId(id) ? await store.findOptional(courseId, id) : null;
      return found && { label: found.title, scoreMaximum: found.grading === 'none' ? 0 : found.gradeMaximum };
    },
    createPath: 'consultations/new',
  };
}
