import type { Request } from 'express';
import { Strategy } from 'passport';
import { launchOf } from '../../lti/index.js';
import type { Admission, LaunchService } from './launch.service.js';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express declares its extension points so
  namespace Express {
    interface Request {
      /** Of an accepted launch. */
      admission?: Admission;
    }
  }
}

/** The admission that the strategy worked out for this request. */
export function admissionOf(req: Request): Admission {
  const admission = req.admission;
  if (admission === undefined) throw new Error('admissionOf: not behind the LTI strategy');
  return admission;
}

/** Passport strategy `lti`: a verified launch begins a session of its identity. */
export class LtiStrategy extends Strategy {
  override readonly name = 'lti';

  constructor(private readonly service: LaunchService) {
    super();
  }

  override authenticate(req: Request): void {
    this.service.admit(launchOf(req)).then(
      (admission) => {
        req.admission = admission;
        this.success(admission.identity);
      },
      (error: unknown) => {
        this.error(error);
      },
    );
  }
}
