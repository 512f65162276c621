import type { Mutant } from './mutant.ts';

/** In what meets a vault, a server, a device's home or a clock that is not what it was. */
export const stopMutants: readonly Mutant[] = [
  {
    id: 'heard-of-in-a-time-to-come',
    file: 'src/engine/log/heard-devices.ts',
    find: 'Math.min(time, now)]',
    replace: 'time]',
    why: 'a device whose clock was years ahead says in each look, for years, that it is alive',
  },
  {
    id: 'leap-taken-for-time',
    file: 'src/engine/log/history-age.ts',
    find: '  if (last !== undefined && now - last.at > leapMs) return [{ at: now, seq }];\n',
    replace: '',
    why: 'a clock that leaps ahead empties the trash and the history',
  },
  {
    id: 'older-log-believed',
    file: 'src/engine/log/vault-log.ts',
    find: '          checkLogEnd(position, page.head);\n',
    replace: '',
    why: 'a server that was put back from an older copy passes for one without news',
  },
  {
    id: 'pinned-log-not-asked-for',
    file: 'src/engine/log/vault-log.ts',
    find: 'if (isLast && given < seen) checkLogEnd({ ...position, seq: seen }, { ...page.head, seq: given });',
    replace: '',
    why: 'who has lost its index believes an older server, and waits for ever',
  },
  {
    id: 'gone-vault-unsaid',
    file: 'src/engine/observe/root-check.ts',
    find: "issues.raise({ id: goneId, kind: 'vault-gone', message: error.message });",
    replace: '',
    why: 'a vault that was deleted is in no issue, so that nobody is told what to do',
  },
  {
    id: 'refusal-unsaid',
    file: 'src/engine/status/pair-state.ts',
    find: '  if (facts.lastError !== null) {',
    replace: "  if (facts.lastError !== null && facts.lastError.kind !== 'refused') {",
    why: 'a device that was removed from the account says that it looks for changes',
  },
  {
    id: 'former-trash-not-ours',
    file: 'src/engine/observe/root-check.ts',
    find: '        const counts = index.read.counts();',
    replace: `        const counts = index.read.counts();
        if (marker !== null && marker.pairId !== parts.pair) await fs.expireTrash(parts.clock.now() + 1000);`,
    why: 'who begins anew with a folder that was synced before loses what its trash held',
  },
  {
    id: 'own-entries-are-here',
    file: 'src/engine/up/agree-on-own.ts',
    find: 'const isContentAgreed = local.revision === remote.revision;',
    replace: 'const isContentAgreed = true;',
    why: 'a computer that is put back to a snapshot takes its older files for edits, and sends them over the newer ones',
  },
];
