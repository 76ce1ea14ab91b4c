import type { Request, Response } from 'express';
import { DomainError } from '../../../src/shared/errors.js';
import type { Lms } from '../lms.js';
import type { Course, Person } from '../model.js';
import { SESSION_COOKIE } from '../sessions.js';
import { TEXTS, type Language, type Texts } from './texts.js';

export const LANGUAGE_COOKIE = 'lms_lang';

/** A cookie the browser sent. */
export function cookieOf(req: Request, name: string): string | undefined {
  for (const pair of (req.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** One request for a page: who asks, in which language. */
export interface Visit {
  readonly req: Request;
  readonly res: Response;
  readonly language: Language;
  readonly t: Texts;
  readonly person: Person | null;
}

/**
 * What was chosen on this site, else the person's own, else the browser's. Russian is what everybody's
 * profile says who never touched it, so it does not outweigh the browser.
 */
function languageOf(req: Request, person: Person | null): Language {
  const chosen = cookieOf(req, LANGUAGE_COOKIE);
  if (chosen === 'ru' || chosen === 'en') return chosen;
  return person?.language === 'en' || req.acceptsLanguages('ru', 'en') === 'en' ? 'en' : 'ru';
}

export const sessionPersonId = (lms: Lms, req: Request): string | undefined =>
  lms.sessions.personId(cookieOf(req, SESSION_COOKIE));

export function visitOf(lms: Lms, req: Request, res: Response): Visit {
  const personId = sessionPersonId(lms, req);
  const person = personId === undefined ? null : (lms.state.person(personId) ?? null);
  const language = languageOf(req, person);
  return { req, res, language, t: TEXTS[language], person };
}

/** The page needs a login; without one it redirects to the choice of people. */
export class SignInFirst extends Error {}

export function requirePerson({ person }: Visit): Person {
  if (person === null) throw new SignInFirst();
  return person;
}

/** @throws DomainError 404 no such course, 403 not in it; SignInFirst */
export function requireCourse(lms: Lms, visit: Visit): { person: Person; course: Course } {
  const person = requirePerson(visit);
  const course = lms.state.course(pathParameter(visit.req, 'courseId'));
  if (course === undefined) throw new DomainError('course-not-found', 404);
  if (!lms.state.mayEnter(course.id, person.id)) throw new DomainError('not-in-course', 403);
  return { person, course };
}

export function requireAdministrator(lms: Lms, visit: Visit): Person {
  const person = requirePerson(visit);
  if (!lms.state.isAdministrator(person.id)) throw new DomainError('not-an-administrator', 403);
  return person;
}

export const pathParameter = (req: Request, name: string): string => {
  const value = req.params[name];
  return typeof value === 'string' ? value : '';
};

export const queryParameter = (req: Request, name: string): string => {
  const value = req.query[name];
  return typeof value === 'string' ? value : '';
};

/** A time as people read it, in the centre's zone. */
export const timeText = (language: Language, milliseconds: number): string =>
  new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: 'Europe/Moscow',
  }).format(milliseconds);

export const numberText = (language: Language, value: number): string =>
  new Intl.NumberFormat(language === 'ru' ? 'ru-RU' : 'en-GB', { maximumFractionDigits: 2 }).format(value);
