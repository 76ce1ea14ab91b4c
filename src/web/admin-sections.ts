import type { Request } from 'express';

/** Names the administrator of a request, as the audit log does. */
export type AdministratorOf = (req: Request) => {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
};

/** A step of the first day: what an administrator does before the centre can work. */
export interface FirstStep {
  /** Its words are `admin.firstSteps.<name>.title` and `.why`. */
  readonly name: string;
  readonly href: string;
  readonly isDone: () => Promise<boolean>;
}
