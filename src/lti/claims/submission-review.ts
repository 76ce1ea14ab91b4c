/**
 * What a line item says of reviews (Submission Review 1.0, section 3): the platform may open a student's work here.
 * Without a label the platform has words of its own, in the language of whoever reads them.
 */
export interface SubmissionReview {
  /** Of which `activityProgress` there is something to see. */
  readonly reviewableStatus: readonly string[];
  readonly label?: string;
  readonly url: string;
  /** The link's own parameters once more: a review must not look like a link to something else. */
  readonly custom?: Readonly<Record<string, string>>;
}

/** Scores of ours are of completed work only. */
const REVIEWABLE = ['Completed'];

/** @param url the tool's one launch address */
export const submissionReview = (
  url: string,
  { label, custom }: Pick<SubmissionReview, 'label' | 'custom'>,
): SubmissionReview => ({
  reviewableStatus: REVIEWABLE,
  ...(label !== undefined && { label }),
  url,
  ...(custom !== undefined && { custom }),
});
