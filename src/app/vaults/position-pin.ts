import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { VaultId } from '../../common/ids.ts';
import type { PositionPin } from '../../engine/log/standing.ts';
import type { Home } from '../home/home.ts';
import { stateFile } from '../home/state-file.ts';

const position = z.object({ seq: z.int().min(0), head: z.string() });

/** Milliseconds between two writes: the index holds each position anyway, this is for when it is lost. */
const spacing = 2000;

/** How far a vault was verified, outside its index and kept after the pair is removed. `flush` stores what waits. */
export function positionPin(home: Home, vault: VaultId, monotonic: () => number): PositionPin & { flush(): void } {
  const file = stateFile(home.pinFile(vault), 1, position);
  let stored = file.read();
  let latest = stored;
  let writtenAt = Number.NEGATIVE_INFINITY;

  const flush = (): void => {
    if (latest === null || (stored?.seq === latest.seq && stored.head === latest.head)) return;
    mkdirSync(dirname(home.pinFile(vault)), { recursive: true, mode: 0o700 });
    file.write(latest);
    stored = latest;
    writtenAt = monotonic();
  };
  return {
    read: () => latest,
    write: (pin) => {
      latest = { seq: pin.seq, head: pin.head };
      if (monotonic() - writtenAt >= spacing) flush();
    },
    flush,
  };
}
