import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names a process, so that another one of the same machine can tell whether it still runs. `<machine>.<pid>.<start>`: pids
 * are used again, and the start in ticks since the machine's own tells two users of one pid apart.
 */
export interface ProcessIdentity {
  /** '' where the system does not say: then nothing is known of others either. */
  readonly own: string;
  /** Returns true only if the named process ran on this machine and has ended. */
  hasEnded(identity: string): boolean;
}

interface Running {
  readonly start: string;
  /** It has ended, and its parent has not asked how. */
  readonly ended: boolean;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; null where it cannot be read. */
function statOf(pid: string): Running | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name, in brackets, may hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { start: fields[19] ?? '', ended: 'ZXx'.includes(fields[0] ?? '') };
  } catch {
    return null;
  }
}

/** Pids mean something within one boot of one machine, and there within one namespace, such as a container's. */
function machineOf(): string {
  try {
    const parts = [
      readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      readlinkSync('/proc/self/ns/pid'),
      hostname(),
    ];
    return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
  } catch {
    return '';
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Reads the identity of this process from /proc; on other systems it is ''. */
export function readProcessIdentity(): ProcessIdentity {
  const machine = machineOf();
  const own = machine === '' ? null : statOf('self');
  return {
    own: own === null || own.start === '' ? '' : `${machine}.${process.pid}.${own.start}`,
    hasEnded(identity) {
      const [of, pid = '', start, ...more] = identity.split('.');
      if (own === null || of !== machine || !/^[1-9]\d*$/.test(pid) || more.length > 0) return false;
      if (!exists(Number(pid))) return true;
      const found = statOf(pid);
      return found !== null && (found.ended || found.start !== start);
    },
  };
}
