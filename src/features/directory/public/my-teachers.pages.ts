import type { Request, Router } from 'express';
import { present } from '../../../web/present.js';
import type { Card } from '../cards/card.js';
import { cardView } from '../directory.view.js';
import { notInDirectory } from '../refusals.js';
import { readerOfRequest } from '../who.js';
import { freeTimesView } from './free-times.js';
import type { ReadingDeps } from './reading.routes.js';

/** Times that are shown of each teacher, out of so many next ones in all of the teacher's courses. */
const FREE_TIMES = 2;
const OF_ALL_COURSES = 20;

/** Adds the teachers of the reader's course, with their contacts and the next times to be met at in this course. */
export function addMyTeachers(
  router: Router,
  { reading, site, cards, organisation, teachersOf, freeTimes, clock }: ReadingDeps,
  /** What the reader may do besides reading. */
  rightsOf: (req: Request) => Readonly<Record<string, boolean>>,
) {
  router.get('/my-teachers', async (req, res) => {
    const { actor } = req;
    if (actor === undefined) throw notInDirectory();
    const reader = readerOfRequest(req);
    const found = await cards.ofPersons(await teachersOf(actor.courseId));
    const associations = await reading.allAssociations();
    const { kinds } = await site.find();
    const seen = found.filter(({ visibility }) => reader === 'staff' || visibility !== 'staff');
    const freeOf = async ({ personIds }: Card) =>
      (await freeTimes.nextFreeOf(personIds, OF_ALL_COURSES))
        .filter(({ courseId }) => courseId === actor.courseId)
        .slice(0, FREE_TIMES);
    const free = await Promise.all(seen.map(freeOf));
    present(req, res, {
      view: 'directory/my-teachers',
      title: req.page.t('directory.myTeachers'),
      data: {
        persons: seen.map((card, index) => ({
          ...cardView(card, associations, reader, { kinds, now: clock.now() }),
          free: freeTimesView(free[index] ?? [], actor),
        })),
        can: rightsOf(req),
      },
      locals: { postTitles: await organisation.titles() },
    });
  });
}
