import type { NoteGroups } from './job.js';
import type { LeasedJob } from './jobs.store.js';

export interface NotesDeps {
  /** Notes that these jobs are done, in one commit. */
  complete(jobs: readonly LeasedJob[]): Promise<void>;
  /** Whether a job runs that may end soon. */
  readonly running: () => boolean;
}

interface Waiting {
  readonly job: LeasedJob;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Notes the ends of a lane's jobs together: a commit costs more than what is in it. */
export class Notes {
  readonly #deps: NotesDeps;
  readonly #groups: NoteGroups;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(groups: NoteGroups, deps: NotesDeps) {
    this.#groups = groups;
    this.#deps = deps;
  }

  /** Resolves once it is on the disk that the job is done. */
  add(job: LeasedJob): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      const full = this.#waiting.length >= this.#groups.most;
      if (full || !this.#deps.running()) this.#write();
      else this.#timer ??= setTimeout(() => this.#write(), this.#groups.withinMs);
    });
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#waiting.splice(0);
    this.#deps.complete(group.map(({ job }) => job)).then(
      () => {
        for (const { resolve } of group) resolve();
      },
      (error: unknown) => {
        for (const { reject } of group) reject(error);
      },
    );
  }
}
