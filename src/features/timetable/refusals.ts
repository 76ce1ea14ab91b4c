import { DomainError } from '../../shared/errors.js';

/** @param field of the form, which comes back with what was typed; none where a button alone was pressed */
export const timeTaken = (field?: 'start' | 'teacher'): DomainError =>
  new DomainError(
    'class-time-taken',
    409,
    field === undefined ? {} : { fields: { [field]: 'errors.field.classTimeTaken' } },
  );
