#!/usr/bin/env -S node --max-semi-space-size=8
// @ts-check
// Plain JavaScript: to strip types of a file that cannot come from the kept code, as the first one, Node loads a compiler.

const leastNode = 24;
if (Number.parseInt(process.versions.node, 10) < leastNode) {
  process.stderr.write(`holdfast: this is Node ${process.versions.node}, and Holdfast needs ${leastNode} or newer.\n`);
  process.exit(1);
}
const { keepCompiledCode } = await import('./code-cache.mjs');
const { resolveRelative } = await import('./resolve-relative.mjs');
keepCompiledCode(process.env);
resolveRelative();
await import('./main.ts');
