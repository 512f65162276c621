// @ts-check
import { registerHooks } from 'node:module';

/** @type {Readonly<Record<string, string>>} */
const formats = { '.ts': 'module-typescript', '.js': 'module' };

/** Zod's messages in sixty languages, by the name that its own modules give them. Nothing asks for any but English. */
const languages = '../locales/index.js';
const nothing = { url: 'data:text/javascript,', format: 'module', shortCircuit: true };

/**
 * A module that another one names by a relative path with an ending is there, and of its kind: without looking for links and
 * `package.json` on the way to each of hundreds of files, a command starts 40 ms earlier.
 */
export function resolveRelative() {
  registerHooks({
    resolve: (specifier, context, next) => {
      const format = specifier.startsWith('.') ? formats[specifier.slice(-3)] : undefined;
      const { parentURL } = context;
      if (format === undefined || parentURL === undefined || !context.conditions.includes('import')) {
        return next(specifier, context);
      }
      if (specifier === languages && parentURL.includes('/zod/v4/')) return nothing;
      return { url: new URL(specifier, parentURL).href, format, shortCircuit: true };
    },
  });
}
