import { expect, test } from 'vitest';
import type { RelativePath } from '../../../src/common/relative-path.ts';
import { listTrash } from '../../../src/engine/history/list-trash.ts';
import type { FileSystem } from '../../../src/local/file-system.ts';
import { vaultContextWorld } from '../../helpers/vault-context.ts';

const day = 86_400_000;

test('what is in the trash here was deleted when it was put there, not when the vault last changed before', async () => {
  let kept = { batch: '', keptUs: 0 };
  const item = { path: 'old.txt' as RelativePath, size: 1, copy: 1, mtimeUs: 0 };
  const fs = { listTrash: async () => [{ ...item, ...kept }] } as unknown as Partial<FileSystem>;
  const world = vaultContextWorld('trash', fs);
  const device = world.device(0);
  await device.context.pull();
  await device.file('a', '1');
  const [batch] = device.index.read.batches({ limit: 1 });
  if (batch === undefined) throw new Error('the change is in no batch');
  const deletedAt = async () => (await listTrash(device.context))[0]?.deletedAt;

  kept = { batch: String(batch.seq), keptUs: (batch.time + 90 * day) * 1000 };
  expect(await deletedAt()).toBe(batch.time + 90 * day);
  kept = { batch: String(batch.seq), keptUs: 0 };
  expect(await deletedAt(), 'on a volume that keeps no such time').toBe(batch.time);
  world.clock.time -= day;
  kept = { batch: String(batch.seq), keptUs: (batch.time - day) * 1000 };
  expect(await deletedAt(), 'after a change by a device whose clock is ahead').toBe(batch.time - day);
  kept = { batch: '999', keptUs: batch.time * 1000 + 5_000_000 };
  expect(await deletedAt(), 'of a batch that is forgotten').toBe(batch.time + 5000);
});
