import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from '../machine.ts';
import type { LargeCost } from './measure-large.ts';
import type { NodesCost } from './measure-nodes.ts';
import type { TreeCost } from './measure-tree.ts';

export interface GrowthResults {
  readonly machine: Machine;
  trees: readonly (TreeCost & { readonly commit: string })[];
  large: readonly (LargeCost & { readonly commit: string })[];
  nodes: readonly (NodesCost & { readonly commit: string })[];
}

export const loadGrowth = (path: string, machine: Machine): GrowthResults =>
  existsSync(path)
    ? { ...(JSON.parse(readFileSync(path, 'utf8')) as GrowthResults), machine }
    : { machine, trees: [], large: [], nodes: [] };

export function saveGrowth(path: string, results: GrowthResults): void {
  writeFileSync(path, `${JSON.stringify(results, null, 1)}\n`);
}
