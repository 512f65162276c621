#!/usr/bin/env node
import { keepCompiledCode } from './code-cache.ts';

keepCompiledCode(process.env);
// A reader that went away (`| head`) is no reason to fail.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const { runCommandLine } = await import('./run.ts');
process.exitCode = await runCommandLine(process.argv.slice(2), process);
