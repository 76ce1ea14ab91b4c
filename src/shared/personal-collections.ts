/** What one collection holds of persons, and what export, erasure, merge and time do to it. */
export interface PersonalCollection {
  /** Name of the Mongoose model. */
  readonly model: string;
  /** What it holds of a person, in words for `docs/privacy.md`. */
  readonly holds: string;
  /** The key of its documents in a person's export, or why they are not exported. */
  readonly exported: { readonly as: string } | { readonly not: string };
  /**
   * `deletes`: no document names the person afterwards. `clears`: the id stays, everything else of the person is
   * gone. `expires`: nothing changes; the document ends by its retention.
   */
  readonly erasure: 'deletes' | 'clears' | 'expires';
  /** `moves`: all documents name the merge target afterwards. `keeps`: they keep the id of the merged person. */
  readonly merge: 'moves' | 'keeps';
  /** How long a document is kept, and what ends it, in words for `docs/privacy.md`. */
  readonly retention: string;
}
