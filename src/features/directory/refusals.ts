import { DomainError, notFound } from '../../shared/errors.js';

/** Nothing that the reader can see stands under this address: the same answer for hidden and for absent. */
export const notInDirectory = () => notFound('directory-nobody');

/** 409: the card was saved since the form was opened. The form is shown again with what was typed. */
export const stale = () =>
  new DomainError('directory-stale', 409, { fields: { version: 'errors.field.stale' } });

export const titleTaken = () =>
  new DomainError('directory-title-taken', 409, { fields: { title: 'errors.field.taken' } });
