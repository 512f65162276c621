import { z } from 'zod';
import type { AnyId } from '../common/ids.ts';

/** Building blocks of the contract's schemas. */

export const idField = <T extends AnyId>() => z.string().regex(/^[0-9a-f]{32}$/) as unknown as z.ZodType<T, T>;

export const count = z.int().min(0);

/** A sum of sizes as manifests say them: of a few that lie, more than the largest whole number that is exact. */
export const saidBytes = z.number().min(0);

/** A pause that has an end is no longer than a week. */
export const longestPauseMinutes = 10_080;

/** Milliseconds since 1970 UTC. */
export const wallTime = z.number();

export const text = z.string().max(4096);

/** A path in a vault (`a/b`, empty for the root) or an absolute path of this machine inside a pair's folder. */
export const path = z.string().max(65_536);

/**
 * Which folder pair is meant: its id, a beginning of the id that no other has, its vault's name or its folder. Null: the
 * one that an absolute path lies in, or the only one.
 */
export const pairChoice = z.string().min(1).max(4096).nullable();

export const none = z.strictObject({});
