import { expect, it } from 'vitest';
import { newId } from '../../../src/common/ids.ts';
import { decodeChanges, encodeChanges } from '../../../src/engine/batch-journal.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';

it('what was noted of a change comes back, and damage is `corrupt`, no crash', () => {
  const changes = [{ what: 'create', node: newId<never>(seededRandom(1)) }] as const;
  expect(decodeChanges(encodeChanges(changes))).toEqual(changes);
  for (const text of ['', '{', '[]', 'null', '{}', '{"creates":1,"others":[]}', '{"creates":"","others":null}']) {
    expect(() => decodeChanges(new TextEncoder().encode(text))).toThrow(expect.objectContaining({ kind: 'corrupt' }));
  }
});
