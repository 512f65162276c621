import { readFileSync, writeFileSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import type { GrowthResults } from '../growth/growth-results.ts';
import { growthTable } from '../growth/growth-table.ts';
import type { Results } from '../results.ts';
import type { ServerResults } from '../server/server-results.ts';
import { serverTable } from '../server/server-table.ts';
import { markdown } from './markdown.ts';
import { picture } from './picture.ts';

/**
 * What was measured, as Markdown on stdout and as a picture:
 * `report.ts RESULTS.json [--growth FILE.json] [--server FILE.json] [--picture FILE.svg]`.
 */
const { values, positionals } = parseArgs({
  args: argv.slice(2),
  allowPositionals: true,
  options: { growth: { type: 'string' }, server: { type: 'string' }, picture: { type: 'string' } },
});
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const results = read(positionals[0] ?? '') as Results;
if (values.picture !== undefined) writeFileSync(values.picture, picture(results));
stdout.write(`# Results\n\n${markdown(results)}`);
if (values.growth !== undefined) {
  const growth = read(values.growth) as GrowthResults;
  const commits = new Set([...growth.trees, ...growth.large, ...growth.nodes].map(({ commit }) => commit));
  stdout.write(`\n## Growth\n\nHoldfast at ${[...commits].join(', ')}.\n\n${growthTable(growth)}`);
}
if (values.server !== undefined) {
  const { commit, parallel, loads, idle } = read(values.server) as ServerResults;
  const how = `${parallel} requests at a time; the load and the server share the cores`;
  stdout.write(`\n## Server\n\nHoldfast at ${commit}; ${how}.\n\n${serverTable(loads, idle)}`);
}
