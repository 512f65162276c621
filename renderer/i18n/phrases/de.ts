import { germanApp } from './de-app.ts';
import { germanDisk } from './de-disk.ts';
import { germanSecurity } from './de-security.ts';
import { germanServer } from './de-server.ts';
import { germanState } from './de-state.ts';

/** Sentences of the engine that stand in answers as they are, in German. A test holds them against the engine's code. */
export const germanPhrases = { ...germanState, ...germanDisk, ...germanServer, ...germanSecurity, ...germanApp };
