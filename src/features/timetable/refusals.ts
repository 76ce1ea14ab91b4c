import { DomainError } from '../../shared/errors.js';

/** Names the field: the form comes back with what was typed. */
export const timeTaken = (field: 'start' | 'teacher'): DomainError =>
  new DomainError('class-time-taken', 409, { fields: { [field]: 'errors.field.classTimeTaken' } });
