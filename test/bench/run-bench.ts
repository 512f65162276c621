import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { stdout } from 'node:process';
import type { SmallFiles } from './data/small-files.ts';
import { inTurn } from './in-turn.ts';
import { thisCommit, thisMachine } from './machine.ts';
import type { BenchOptions } from './options.ts';
import { installedPeers } from './peers/all.ts';
import type { Peer } from './peers/peer.ts';
import { markdown } from './report/markdown.ts';
import { loadResults, type Results, saveResults } from './results.ts';
import { limits } from './roofline/limits.ts';
import { measureRates } from './roofline/measure-rates.ts';
import { say } from './say.ts';
import { workloads } from './workloads/all.ts';
import type { Turn } from './workloads/workload.ts';

/** Runs what `options` ask for in turn, and collects it. Whether all of it could be measured. */
export async function runBench(options: BenchOptions, base: string): Promise<boolean> {
  const { only, into, size, rounds } = options;
  const peers = installedPeers(options.peers);
  const results = loadResults(into, size.name, thisMachine());
  const commit = thisCommit();
  const run = new Date().toISOString();
  const wants = (id: string): boolean => only === null || only.has(id);
  let isWhole = true;
  for (const peer of peers) results.peers[peer.name] = describe(peer);

  if (wants('roofline')) {
    const { largeMib, small } = size;
    const rates = await measureRates(base, largeMib, small.files);
    results.limits = limits(rates, cpus().length, largeMib, small.files, meanMib(small) * small.files);
    for (const { measure, seconds } of results.limits)
      say(`${measure}  limit of this machine  ${seconds.toFixed(2)} s`);
    saveResults(into, results);
  }
  if (options.isAnew) {
    for (const workload of workloads) forget(results, workload.ids.filter(wants), peers.filter(workload.fits));
  }
  for (const workload of workloads) {
    const ids = workload.ids.filter(wants);
    if (ids.length === 0) continue;
    const taking = peers.filter(workload.fits);
    const missing = (await workload.prepare?.(base, size)) ?? null;
    if (missing !== null) {
      say(`NOT MEASURED: ${ids.join(', ')}: ${missing}`);
      isWhole = false;
      continue;
    }
    for (let round = 0; round < rounds; round++) {
      for (const peer of inTurn(taking, round)) {
        const record: Turn['record'] = (measure, volume, numbers) => {
          results.samples.push({ measure, peer: peer.name, run, commit, volume: volume.kind, numbers: { ...numbers } });
          say(`${measure}  ${peer.name}  ${shown(numbers)}`);
        };
        try {
          await workload.run({ peer, base, size, wants, record });
        } catch (error) {
          isWhole = false;
          say(`FAILED: ${ids.join(', ')} of ${peer.name}: ${error instanceof Error ? error.message : error}`);
        }
        saveResults(into, results);
      }
    }
  }
  stdout.write(markdown(results));
  return isWhole;
}

/** Of sizes that are spread evenly over their orders of magnitude. */
const meanMib = ({ leastBytes, mostBytes }: SmallFiles): number =>
  (mostBytes - leastBytes) / Math.log(mostBytes / leastBytes) / 2 ** 20;

/** Before anything is measured: several workloads have a part in one id. */
function forget(results: Results, ids: readonly string[], peers: readonly Peer[]): void {
  const names = new Set(peers.map(({ name }) => name));
  results.samples = results.samples.filter(
    ({ measure, peer }) => !(names.has(peer) && ids.some((id) => measure === id || measure.startsWith(`${id} `))),
  );
}

function describe({ title, version: [program, ...words], isEncrypted, isRemote }: Peer): Results['peers'][string] {
  const said = program === undefined ? thisCommit() : execFileSync(program, words, { encoding: 'utf8' });
  return { title, version: said.split('\n')[0] ?? '', isEncrypted, isRemote };
}

const shown = (numbers: object): string =>
  Object.entries(numbers)
    .map(([name, value]) => `${name} ${Number(Number(value).toPrecision(3))}`)
    .join('  ');
