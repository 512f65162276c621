#!/usr/bin/env node
import { keepCompiledCode } from './code-cache.ts';
import { boundHeapGrowth } from './heap-growth.ts';

keepCompiledCode(process.env);
boundHeapGrowth();
// A reader that went away (`| head`) is no reason to fail.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const { runCommandLine } = await import('./run.ts');
process.exitCode = await runCommandLine(process.argv.slice(2), process);
