import type { TransferProgress } from '../../src/storage/tools/index.js';

const WIDTH = 24;
/** Without a terminal a line is printed at most this often. */
const LINE_MS = 5000;
const DRAW_MS = 100;

const VERBS: Readonly<Record<TransferProgress['phase'], string>> = {
  copying: 'copying',
  comparing: 'comparing',
  indexing: 'indexing',
};

export interface Bar {
  readonly show: (step: TransferProgress) => void;
  /** Leaves the last line as it is, and what follows begins a new one. */
  end(): void;
}

/** How far a long command is, on standard error: a bar on a terminal, lines elsewhere. */
export function progressBar(out: NodeJS.WriteStream = process.stderr): Bar {
  let drawn = 0;
  let open = false;
  return {
    show(step) {
      const now = Date.now();
      const whole = step.done >= step.total;
      if (now - drawn < (out.isTTY ? DRAW_MS : LINE_MS) && !whole) return;
      drawn = now;
      if (!out.isTTY) {
        out.write(`${textOf(step)}\n`);
        return;
      }
      out.write(`\r\u001b[K${barOf(step)} ${textOf(step)}`);
      open = true;
    },
    end() {
      if (open) out.write('\r\u001b[K');
      open = false;
    },
  };
}

const share = ({ done, total }: TransferProgress): number => (total === 0 ? 1 : Math.min(1, done / total));

function barOf(step: TransferProgress): string {
  const full = Math.round(share(step) * WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}]`;
}

function textOf(step: TransferProgress): string {
  const percent = Math.floor(share(step) * 100);
  return `${percent} % ${VERBS[step.phase]} ${step.collection}: ${step.done} of ${step.total}`;
}
