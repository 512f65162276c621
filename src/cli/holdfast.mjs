#!/usr/bin/env -S node --max-semi-space-size=8
// @ts-check
// Plain JavaScript: to strip types of a file that cannot come from the kept code, as the first one, Node loads a compiler.
import { needNode } from './need-node.mjs';

needNode();
const { keepCompiledCode } = await import('./code-cache.mjs');
const { resolveRelative } = await import('./resolve-relative.mjs');
keepCompiledCode(process.env);
resolveRelative();
await import('./main.ts');
