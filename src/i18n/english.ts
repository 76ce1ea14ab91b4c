/**
 * The English shape of a Russian resource: the same keys, but English nouns have two plural forms where
 * Russian ones have four (`_one`, `_few`, `_many`, `_other`). A missing or foreign key does not compile.
 */
export type English<T> = {
  readonly [K in keyof T as K extends `${string}_few` | `${string}_many` ? never : K]: T[K] extends string
    ? string
    : English<T[K]>;
};
