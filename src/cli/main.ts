#!/usr/bin/env node
import { runCommandLine } from './run.ts';

// A reader that went away (`| head`) is no reason to fail.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await runCommandLine(process.argv.slice(2), process);
