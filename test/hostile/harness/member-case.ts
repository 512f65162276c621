import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { SecurityCode } from '../../../src/common/errors.ts';
import { rootNode } from '../../../src/common/ids.ts';
import { type VaultAuthor, vaultAuthor } from '../../integration/rescue/vault-author.ts';
import type { ClientPair } from './client.ts';
import { expectNoSecrets } from './run-case.ts';
import { makeScene, plantSentinel, type Scene, writeOwn } from './scene.ts';
import { type HostileWorld, type Victim, victims } from './world.ts';

interface MemberCase {
  readonly write: (author: VaultAuthor, scene: Scene) => Promise<void>;
  /** Security classes of the issues that each victim has afterwards. */
  readonly told?: readonly SecurityCode[];
  readonly also?: (pair: ClientPair, victim: Victim) => void | Promise<void>;
  readonly before?: (pair: ClientPair) => void;
}

/** Runs it against all three victims: nothing is frozen, nothing outside is touched, and the rest syncs. */
export async function runMemberCase(
  world: HostileWorld,
  { write, told = [], also, before }: MemberCase,
): Promise<void> {
  const scene = await makeScene(world);
  const sentinel = await plantSentinel();
  const outside = sentinel.state();
  const author = await vaultAuthor(world.author.session, scene.vault);
  await write(author, scene);
  await author.file('after it.txt', rootNode, ['and all goes on']);
  for (const victim of victims) {
    const client = world.victims[victim];
    if (victim === 'restarted') await client.restart();
    const pair = victim === 'fresh' ? await client.pair(scene.name) : scene.known[victim];
    const beside = readdirSync(join(pair.files.root, '..')).sort();
    const own = writeOwn(pair.files, victim);
    before?.(pair);
    const { error } = await pair.sync();
    expect(error, victim).toBeNull();
    const issues = await pair.issues();
    expect(pair.status().state, `${victim}: ${JSON.stringify(issues)}`).not.toBe('frozen');
    expect(pair.files.tree()['after it.txt'], victim).toBe('and all goes on');
    expect(pair.files.read(own)).toBe(`mine, says ${victim}`);
    for (const [path, content] of Object.entries(scene.truth)) expect(pair.files.tree()[path], path).toBe(content);
    expect([...new Set(issues.flatMap(({ security }) => security ?? []))].sort(), victim).toEqual(told);
    await also?.(pair, victim);
    expect(readdirSync(join(pair.files.root, '..')).sort(), 'beside the folder').toEqual(beside);
  }
  expect(sentinel.state(), 'the tree outside').toEqual(outside);
  expectNoSecrets(world);
}
