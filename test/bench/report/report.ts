import { readFileSync, writeFileSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import type { Results } from '../results.ts';
import { markdown } from './markdown.ts';
import { picture } from './picture.ts';

/** `node test/bench/report/report.ts RESULTS.json [--picture FILE.svg]`: the tables on stdout, the picture in a file. */
const [file, flag, target] = argv.slice(2);
if (file === undefined || (flag !== undefined && (flag !== '--picture' || target === undefined))) {
  throw new Error('report.ts RESULTS.json [--picture FILE.svg]');
}
const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
if (target !== undefined) writeFileSync(target, picture(results));
stdout.write(markdown(results));
