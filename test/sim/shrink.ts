import type { History } from './history.ts';
import { goodLine } from './network.ts';
import { type Outcome, runHistory } from './run-history.ts';

/** Runs at most. */
const maxTries = 400;

/**
 * A shorter history that breaks the same rule: without steps, devices and faults that it does not take. Since any change
 * of a history moves the dice of what comes after, each candidate is also tried with a few other seeds.
 */
export async function shrink(failed: Outcome, say: (line: string) => void = () => undefined): Promise<History> {
  const oracle = failed.problems[0]?.oracle ?? '';
  let best = failed.history;
  let tries = 0;

  const fails = async (candidate: History): Promise<boolean> => {
    if (tries++ >= maxTries) return false;
    const { problems } = await runHistory(candidate);
    return problems[0]?.oracle === oracle;
  };

  const accept = async (candidate: History): Promise<boolean> => {
    for (const seed of [best.seed, best.seed + 1_000_000]) {
      const tried = { ...candidate, seed };
      if (!(await fails(tried))) continue;
      best = tried;
      return true;
    }
    return false;
  };

  /** Halves first, then ever smaller pieces. */
  const withoutSteps = async (): Promise<void> => {
    for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = best.steps.length - size; at > -size && tries < maxTries; at -= size) {
        const start = Math.max(0, at);
        await accept({ ...best, steps: [...best.steps.slice(0, start), ...best.steps.slice(start + size)] });
      }
      say(`${best.steps.length} steps`);
    }
  };

  const simpler = async (): Promise<void> => {
    await accept({ ...best, line: { ...goodLine, latency: 5 } });
    await accept({ ...best, graceMinutes: 7 * 24 * 60 });
    await accept({ ...best, devices: best.devices.map((device) => ({ ...device, deafness: 0, lateness: 0 })) });
    await accept({ ...best, devices: best.devices.map((device) => ({ ...device, disk: 'ext4' as const })) });
    for (let device = best.devices.length - 1; device >= 0 && best.devices.length > 1; device--) {
      await accept(withoutDevice(best, device));
    }
  };

  await withoutSteps();
  await simpler();
  await withoutSteps();
  return { ...best, note: failed.problems[0]?.message.slice(0, 200) ?? '' };
}

/** The others move up. */
function withoutDevice(history: History, gone: number): History {
  const steps = history.steps.flatMap(([wait, action]): History['steps'] => {
    if (!('device' in action)) return [[wait, action]];
    if (action.device === gone) return [];
    return [[wait, { ...action, device: action.device > gone ? action.device - 1 : action.device }]];
  });
  return { ...history, devices: history.devices.filter((_, at) => at !== gone), steps };
}
