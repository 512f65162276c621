import { parseArgs } from 'node:util';
import { deviceProperties } from '../../property/plan/device-properties.ts';
import { editProperties } from '../../property/plan/edit-properties.ts';
import { planProperties } from '../../property/plan/plan-properties.ts';
import { runHistory } from '../run-history.ts';
import type { Finding } from './finding.ts';

/**
 * A process of its own, with a bug planted or without: tries planner cases or histories one after the other, says so on
 * standard output, a JSON line each, and ends with the first that fails.
 */
const { values } = parseArgs({
  options: {
    by: { type: 'string', default: 'histories' },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '1' },
    step: { type: 'string', default: '1' },
  },
});
const from = Number(values.from);
const count = Number(values.count);
const step = Number(values.step);

const tell = (finding: Finding): void => void process.stdout.write(`${JSON.stringify(finding)}\n`);

/** Those first that find most. */
const [first, second, ...others] = planProperties;
const [meeting, ...meetings] = editProperties;
const properties = [second, meeting, first, ...others, ...meetings, ...deviceProperties].filter(
  (each) => each !== undefined,
);

function tryPlanner(): Finding {
  let tried = 0;
  for (const { name, check } of properties) {
    const each = Math.ceil(count / properties.length);
    const failure = check(each, from);
    tried += failure === null ? each : Number(/failed after (\d+) tests/.exec(failure)?.[1] ?? each);
    if (failure !== null) return { at: tried, oracle: 'planner', message: name };
  }
  return { at: tried, oracle: null, message: '' };
}

async function tryHistories(): Promise<void> {
  for (let seed = from; seed < from + count * step; seed += step) {
    const { problems } = await runHistory(seed);
    const [first] = problems;
    tell({ at: seed, oracle: first?.oracle ?? null, message: first?.message.slice(0, 200) ?? '' });
    if (first !== undefined) return;
  }
}

if (values.by === 'planner') tell(tryPlanner());
else await tryHistories();
