/**
 * The member of a line item that lets the platform open a student's work here. Without a label the platform shows its
 * own text in the reader's language. https://www.imsglobal.org/spec/lti-sr/v1p0
 */
export interface SubmissionReview {
  /** Values of `activityProgress` at which there is something to review. */
  readonly reviewableStatus: readonly string[];
  readonly label?: string;
  readonly url: string;
  /** Custom parameters of the link, repeated so that a review opens the same content. */
  readonly custom?: Readonly<Record<string, string>>;
}

/** This tool publishes scores of completed work only. */
const REVIEWABLE = ['Completed'];

/**
 * Returns the `submissionReview` of a line item.
 * @param url the tool's launch address
 */
export const submissionReview = (
  url: string,
  { label, custom }: Pick<SubmissionReview, 'label' | 'custom'>,
): SubmissionReview => ({
  reviewableStatus: REVIEWABLE,
  ...(label !== undefined && { label }),
  url,
  ...(custom !== undefined && { custom }),
});
