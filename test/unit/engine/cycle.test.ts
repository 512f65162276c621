import { expect, test } from 'vitest';
import { type NodeId, newId, rootNode } from '../../../src/common/ids.ts';
import { runCycle } from '../../../src/engine/loop/cycle.ts';
import type { Pending } from '../../../src/engine/loop/observe.ts';
import * as rows from '../../contract/index-fixtures.ts';
import { vaultContextWorld } from '../../helpers/vault-context.ts';

test('a cycle that ends before all is done leaves the rest to the next one, which waits for no hint', async () => {
  const { context, index } = vaultContextWorld('cycle', { syncStaged: async () => undefined }).device(0);
  await context.pull();
  index.transaction((write) => {
    for (let i = 0; i < 230; i++) {
      const id = newId<NodeId>(context.local.random);
      const folder = { id, parent: rootNode, name: `folder${i}`, kind: 'folder' as const, size: 0 };
      write.putLocal(rows.local({ ...folder, revision: null, differsFrom: null, exec: false }));
    }
  });
  const pending: Pending = { local: new Map(), isRemoteDirty: false };
  const result = await runCycle({ ...context, content: context.content, newNodesInPlan: 1 }, pending);
  expect(index.read.counts().diverged).toBeGreaterThan(0);
  expect(result.isSettled).toBe(false);
  expect(pending.isRemoteDirty).toBe(true);

  expect(await runCycle(context, pending)).toMatchObject({ isSettled: true });
  expect(index.read.counts().diverged).toBe(0);
  expect(pending.isRemoteDirty).toBe(false);
});
