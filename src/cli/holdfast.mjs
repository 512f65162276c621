#!/usr/bin/env -S node --max-semi-space-size=8 --initial-old-space-size=48
// @ts-check
// Plain JavaScript: to strip types of a file that cannot come from the kept code, as the first one, Node loads a compiler.
import { needNode } from './need-node.mjs';

needNode();
const { keepCompiledCode } = await import('./code-cache.mjs');
keepCompiledCode(process.env);
const { builtCommand } = await import('./built-command.mjs');
const built = builtCommand(new URL('../../', import.meta.url));
if (built === null) {
  const { resolveRelative } = await import('./resolve-relative.mjs');
  resolveRelative();
  await import('./main.ts');
} else await import(built.href);
