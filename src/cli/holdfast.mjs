#!/usr/bin/env -S node --max-semi-space-size=8
// @ts-check
// Plain JavaScript: to strip types of a file that cannot come from the kept code, as the first one, Node loads a compiler.
import { keepCompiledCode } from './code-cache.mjs';
import { resolveRelative } from './resolve-relative.mjs';

keepCompiledCode(process.env);
resolveRelative();
await import('./main.ts');
