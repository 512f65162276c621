import { writeSync } from 'node:fs';
import { must } from '../../../src/common/errors.ts';
import { openIndex } from '../../../src/db/open-index.ts';
import { isDiverged, linuxRules, live, local, node, remote, stamp, synced } from '../../contract/index-fixtures.ts';

/**
 * Run as a process of its own, to be killed: writes to the index at argv[2] without end, and says each round on stdout
 * once it is durable. A round puts ten nodes in all three trees and takes away those of the round before the last.
 */
const index = openIndex(must(process.argv[2]), { rules: linuxRules, isDiverged });

for (let round = 1; ; round++) {
  index.transaction((write) => {
    for (let i = 0; i < 10; i++) {
      const id = node(round * 10 + i);
      const name = `${round}-${i}`;
      write.putLocal(local({ id, name }));
      write.putVaultRow(live(remote({ id, name }), stamp(round)));
      write.putSynced(synced({ id, name, localName: name }));
      if (round > 2) write.removeLocal(node((round - 2) * 10 + i));
    }
    write.setMeta('round', round);
  });
  if (round % 3 === 0) {
    index.transaction(() => undefined, { isDurable: true });
    writeSync(1, `${round}\n`);
  }
}
