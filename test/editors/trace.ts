import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** Milliseconds since the first step. */
const ms = z.number().nonnegative();
const path = z.string().min(1);
/** A handle's number, from `open` to `close`. */
const file = z.number().int().positive();

const stepSchema = z.discriminatedUnion('do', [
  /** `how`: any of `creat`, `trunc`, `excl`, `append`. */
  z.strictObject({ ms, do: z.literal('open'), file, path, how: z.string() }),
  /** At the handle's position, or at `at`. What the bytes are is the replayer's choice. */
  z.strictObject({ ms, do: z.literal('write'), file, bytes: z.number().int().positive(), at: z.number().optional() }),
  z.strictObject({ ms, do: z.literal('truncate'), file, size: z.number().int().nonnegative() }),
  z.strictObject({ ms, do: z.literal('sync'), file }),
  z.strictObject({ ms, do: z.literal('close'), file }),
  z.strictObject({ ms, do: z.literal('rename'), from: path, to: path }),
  z.strictObject({ ms, do: z.literal('link'), from: path, to: path }),
  z.strictObject({ ms, do: z.literal('symlink'), path, to: z.string() }),
  z.strictObject({ ms, do: z.literal('unlink'), path }),
  z.strictObject({ ms, do: z.literal('mkdir'), path }),
  z.strictObject({ ms, do: z.literal('rmdir'), path }),
  z.strictObject({ ms, do: z.literal('chmod'), path, mode: z.number().int() }),
  /** Sets the modification time to one of years ago. */
  z.strictObject({ ms, do: z.literal('times'), path }),
]);
export type Step = z.infer<typeof stepSchema>;

const traceSchema = z.strictObject({
  /** The row that it is for, and what it shows. */
  name: z.string(),
  /** The program that was recorded, or where it is written how it saves. */
  source: z.string(),
  /** Files that are there and synced before, with their sizes. */
  before: z.record(path, z.number().int().nonnegative()),
  steps: z.array(stepSchema).min(1),
  /** Milliseconds that pass between two steps in place of the recorded ones: how slow it may be. Each is replayed. */
  slow: z.array(z.number()).optional(),
  /** Paths that the other device never sees. */
  never: z.array(path).optional(),
  /** New versions that a path may get, at most; default: one for each file of `before` that changes. */
  versions: z.record(path, z.number().int()).optional(),
});
/** How a program saves, as system calls see it. */
export type Trace = z.infer<typeof traceSchema>;

const folder = new URL('traces/', import.meta.url);

export const readTraces = (): Trace[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const parsed = traceSchema.safeParse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
      if (!parsed.success) throw new Error(`${name}: ${parsed.error.message}`);
      return parsed.data;
    });
