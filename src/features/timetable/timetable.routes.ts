import { Router } from 'express';
import { classRouter, type ClassRouterDeps } from './class.routes.js';
import { newClassesRouter, type NewClassesRouterDeps } from './new-classes.routes.js';
import { weekRouter, type WeekRouterDeps } from './week.routes.js';

export { homeworkUploads } from './class.routes.js';

export type TimetableRouterDeps = WeekRouterDeps & NewClassesRouterDeps & ClassRouterDeps;

/** `/c/:courseKey/timetable` */
export const timetableRouter = (deps: TimetableRouterDeps): Router =>
  // A class's address would take `new` for an id.
  Router().use(weekRouter(deps), newClassesRouter(deps), classRouter(deps));
