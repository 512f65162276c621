import { rootNode } from '../common/ids.ts';
import type { Verdicts } from './verdict.ts';

/** A delete keeps every folder that something that stays lives in: it comes back on the side that deleted it. */
export function keepAncestors(verdicts: Verdicts): void {
  for (const verdict of verdicts.values()) {
    if (verdict.fate !== 'live') continue;
    for (let above = verdict.parent; above !== rootNode; ) {
      const folder = verdicts.get(above);
      if (folder?.fate !== 'delete-up' && folder?.fate !== 'delete-down') break;
      folder.fate = 'live';
      folder.rule = 'delete-keeps-ancestors';
      above = folder.parent;
    }
  }
}
