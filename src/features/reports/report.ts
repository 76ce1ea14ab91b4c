import type { Duties } from '../directory/index.js';
import type { Figures } from './figures.js';

export const GROUPINGS = ['teacher', 'association', 'programme', 'course', 'month'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Who reads a report, and what of. */
export interface ReportReader {
  readonly duties: Duties;
  /** The only course that is seen, for a methodist without a post; null: by the duties. */
  readonly courseId: string | null;
}

export interface ReportWish {
  readonly from: Date;
  readonly to: Date;
  readonly by: Grouping;
  readonly association?: string | undefined;
  readonly programme?: string | undefined;
  /** As `choices` names it. */
  readonly teacher?: string | undefined;
  /** IANA name, for months. */
  readonly zone: string;
}

export interface ReportRow extends Figures {
  readonly by: Grouping;
  /** Of what the figures are; '' for what belongs to nothing of this kind, so that no figure of the total is missing. */
  readonly key: string;
  readonly name: string;
}

export interface Report {
  readonly total: Figures;
  readonly rows: readonly ReportRow[];
  /** By month, for the chart. */
  readonly months: readonly ReportRow[];
}

export interface UnaidedStudent {
  readonly course: string;
  readonly student: string;
}

export interface ReportChoices {
  readonly associations: readonly (readonly [string, string])[];
  readonly programmes: readonly (readonly [string, string])[];
  readonly teachers: readonly (readonly [string, string])[];
}

/** What the page shows: the report, and the first of the students without help. */
export interface CountedReport extends Report {
  readonly unaided: readonly UnaidedStudent[];
  readonly unaidedTotal: number;
}

/**
 * `ready`: `countedAt` is null where it was counted just now. `waiting`: a job counts; so many consultations and
 * questions are read, of how many. `failed`: it needs more memory or time than a report may, or the job has failed.
 */
export type LargeReport =
  | { readonly state: 'ready'; readonly report: CountedReport; readonly countedAt: Date | null }
  | { readonly state: 'waiting'; readonly done: number; readonly total: number }
  | { readonly state: 'failed'; readonly problem: ReportProblem };

export type ReportProblem = 'tooLarge' | 'broken';
