#!/usr/bin/env -S node --max-semi-space-size=1
// @ts-check
// Plain JavaScript, since this file itself cannot come from the kept code: to strip its types Node would load a compiler first.
import { keepCompiledCode } from './code-cache.mjs';

keepCompiledCode(process.env);
await import('./main.ts');
